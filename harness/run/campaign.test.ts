import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lsmTarget, PACKAGE_ROOT, type Target } from '../targets/target.js';
import { buildPatchedTarget } from '../targets/patched-target.js';
import type { CrashCase } from '../workload/case.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import type { CaseFile } from './case-file.js';
import { type CampaignPlan, runCampaign } from './campaign.js';
import { loadCase, loadHistory, saveCase } from './corpus.js';
import { replay } from './replay.js';
import { puts, testCase } from './run-test-place.js';
import type { CrashScenario, Kills, Scenario } from './scenario.js';
import { decodeToken } from './token.js';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'ninelives-campaign-'));
  mkdirSync(join(out, 'data'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const APPENDS: Kills = { kind: 'steps', labels: ['wal/append'], enumerate: null };

test('a sound engine holds, and the record says what was done', async () => {
  const record = await runCampaign(plan([scenario('short', APPENDS)]));
  expect(record).toMatchObject({
    format: 'ninelives/run-record',
    verdict: 'held',
    interrupted: false,
    failures: [],
    scenarios: [{ name: 'short', verdict: 'held', doubts: [], cases: 10 }],
  });
  expect(readdirSync(join(out, 'data'))).toEqual([]);
});

test('the same seed gives the same record on one worker and on three', async () => {
  const [one, three] = [
    await runCampaign({ ...plan([scenario('short', APPENDS)]), workers: 1 }),
    await runCampaign({ ...plan([scenario('short', APPENDS)]), workers: 3 }),
  ];
  const withoutTimes = ({ scenarios, crashPoints, failures }: typeof one) => ({
    scenarios: scenarios.map((played) => ({ ...played, durationMs: 0 })),
    crashPoints,
    failures,
  });
  expect(withoutTimes(three)).toEqual(withoutTimes(one));
});

test('a step that is never reached is a doubt, and the verdict unknown', async () => {
  const record = await runCampaign(
    plan([scenario('dead', { kind: 'steps', labels: ['recovery/bloom.fsync'], enumerate: null })]),
  );
  expect(record.verdict).toBe('unknown');
  expect(record.scenarios[0]?.doubts).toEqual([
    'No kill ever struck at recovery/bloom.fsync, so nothing is known about them.',
  ]);
});

test('a life limit that no life can keep makes the verdict unknown', async () => {
  const record = await runCampaign(plan([scenario('short', APPENDS)], { lifeLimitMs: 1 }));
  expect(record.verdict).toBe('unknown');
  expect(record.scenarios[0]?.doubts).toContain('Life 0 did not end within its time limit.');
});

test('when interrupted, the record holds what was found so far and the verdict is unknown', async () => {
  const controller = new AbortController();
  const record = await runCampaign(
    plan([{ ...scenario('long', APPENDS), cases: 100_000 }, scenario('never-begun', APPENDS)], {
      signal: controller.signal,
      onProgress: ({ jobsDone }) => jobsDone >= 2 && controller.abort(),
    }),
  );
  expect(record).toMatchObject({ interrupted: true, verdict: 'unknown' });
  expect(record.scenarios.map(({ name, verdict }) => [name, verdict])).toEqual([['long', 'unknown']]);
  expect(record.scenarios[0]?.cases).toBeGreaterThanOrEqual(20);
  expect(readdirSync(join(out, 'data'))).toEqual([]);
});

test('a target that does not speak the protocol ends the campaign with a sentence, and leaves nothing', async () => {
  const childPath = join(out, 'talks.mjs');
  writeFileSync(childPath, `console.log('hello'); setInterval(() => {}, 1_000);`);
  await expect(
    runCampaign({ ...plan([scenario('short', APPENDS)]), target: lsmTarget(childPath, 'talks') }),
  ).rejects.toThrow(expect.objectContaining({ code: 'protocol' }));
  expect(readdirSync(join(out, 'data'))).toEqual([]);
});

test('a child that exits by itself is a violation', async () => {
  const childPath = join(out, 'exits.mjs');
  writeFileSync(childPath, 'process.exit(3);');
  const record = await runCampaign({
    ...plan([scenario('short', APPENDS)], { shrinkRunsMax: 20 }),
    target: lsmTarget(childPath, 'exits'),
  });
  expect(record.verdict).toBe('violated');
  expect(record.failures[0]?.violations[0]).toMatchObject({ kind: 'dies', life: 0 });
});

test('a foreign death while a validation file is played makes the verdict unknown', async () => {
  // Such a death once counted as one of the planned kills, and the scenario held.
  const childPath = join(out, 'killed.mjs');
  writeFileSync(childPath, `process.kill(process.pid, 'SIGKILL');`);
  const validation: Scenario = {
    kind: 'validation',
    name: 'validation',
    title: 'validation',
    options: {},
    file: 'scenarios/inputs/validation-4000.txt',
    labels: ['wal/append'],
    kills: 3,
  };
  const record = await runCampaign({ ...plan([validation]), target: lsmTarget(childPath, 'killed') });
  expect(record.scenarios).toMatchObject([
    { verdict: 'unknown', lives: 1, doubts: ['The file was not played to its end.'] },
  ]);
});

test('a campaign at the same time in the same place does not disturb', async () => {
  const both = await Promise.all([
    runCampaign(plan([scenario('short', APPENDS)])),
    runCampaign(plan([scenario('short', APPENDS)], { seed: 2 })),
  ]);
  expect(both.map(({ verdict }) => verdict)).toEqual(['held', 'held']);
  expect(readdirSync(join(out, 'data'))).toEqual([]);
});

test('a planted bug is violated: minimised, saved, with a token that shows it again to the byte', async () => {
  const target = await planted('wal-deleted-before-publish');
  const kills: Kills = { kind: 'steps', labels: ['manifest/rename'], enumerate: null };
  const record = await runCampaign({
    ...plan([{ ...scenario('bug', kills), cases: 200 }], { shrinkRunsMax: 200 }),
    target,
  });
  expect(record.verdict).toBe('violated');
  const [failure] = record.failures;
  if (failure === undefined) throw new Error('Expected a failure.');
  expect(failure.reproduced).toEqual({ times: 3, of: 3 });
  expect(failure.operationsAfter).toBeLessThanOrEqual(failure.operationsBefore);
  expect(failure.shrinkRuns).toBeLessThanOrEqual(200 + 2);
  const saved = loadCase(failure.caseFile);
  expect(saved.file.case).toEqual(failure.minimised);
  expect(loadHistory(failure.caseFile)).toEqual(failure.history);
  const { case: decoded, build } = decodeToken(failure.token);
  expect([decoded, build]).toEqual([failure.minimised, target.build]);
  const again = await replay(decoded, {
    target,
    runs: 2,
    dataParent: join(out, 'data'),
    lifeLimitMs: 60_000,
    signal: new AbortController().signal,
  });
  expect(again.map(({ outcome }) => outcome.history)).toEqual([failure.history, failure.history]);
  expect(again[1]?.digest).toBe(again[0]?.digest);
});

test('the corpus is played first, and failures of one scenario do not overwrite each other', async () => {
  // Two failures of one scenario and seed were once saved under one name.
  const target = await planted('wal-deleted-before-publish');
  const corpus = join(out, 'corpus');
  for (const [name, keys] of [
    ['first', 'abcde'],
    ['second', 'abcdef'],
  ] as const) {
    const options = { memtableEntriesMax: 4, tableEntriesMax: 3, l0TablesMax: 2, blockBytes: 64 };
    const crashCase = testCase([{ operations: puts(keys), end: 'kill before manifest/rename #2' }], options);
    saveCase(corpus, name, caseFile(crashCase, target), []);
  }
  const violated = await runCampaign({ ...plan([], { corpus }), target });
  expect(violated.scenarios).toMatchObject([{ name: 'corpus', verdict: 'violated', cases: 2 }]);
  expect(violated.failures.map(({ caseFile: path }) => loadCase(path).file.case)).toEqual(
    violated.failures.map(({ minimised }) => minimised),
  );
  expect(violated.failures).toHaveLength(2);
  const held = await runCampaign(plan([], { corpus }));
  expect(held).toMatchObject({ verdict: 'held', scenarios: [{ name: 'corpus', cases: 2, verdict: 'held' }] });
});

test('a bad file in the corpus ends the campaign before anything else is played', async () => {
  const corpus = join(out, 'corpus');
  mkdirSync(corpus);
  writeFileSync(join(corpus, 'bad.json'), '{');
  let progress = 0;
  const broken = plan([scenario('short', APPENDS)], { corpus, onProgress: () => progress++ });
  await expect(runCampaign(broken)).rejects.toThrow(expect.objectContaining({ code: 'not-json' }));
  expect(progress).toBe(0);
  expect(readdirSync(join(out, 'data'))).toEqual([]);
});

function scenario(name: string, kills: Kills): CrashScenario {
  const workload = { options: TINY_OPTIONS, keysMax: 6, operationsMax: 15, livesMax: 2 };
  return { kind: 'crash', name, title: name, workload, kills, cases: 10 };
}

function plan(scenarios: readonly Scenario[], changes: Partial<CampaignPlan> = {}): CampaignPlan {
  let ms = 0;
  return {
    target: lsmTarget(),
    scenarios,
    seed: 1,
    workers: 2,
    effort: 1,
    corpus: null,
    failuresDirectory: join(out, 'failures'),
    dataParent: join(out, 'data'),
    lifeLimitMs: 60_000,
    shrinkRunsMax: 0,
    command: 'vitest',
    clock: { now: () => '2024-01-01T00:00:00.000Z', monotonicMs: () => ms++ },
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...changes,
  };
}

/** The engine with a bug of the gallery: the text below the header of its file is a diff. */
async function planted(id: string): Promise<Target> {
  const text = readFileSync(join(PACKAGE_ROOT, 'scenarios', 'gallery', `${id}.patch`), 'utf8');
  return await buildPatchedTarget(id, text.slice(text.indexOf('--- a/')), join(out, 'target'));
}

function caseFile(crashCase: CrashCase, { build }: Target): CaseFile {
  const foundBy = { seed: 1, command: 'vitest' };
  return {
    format: 'ninelives/case',
    version: 1,
    case: crashCase,
    expected: 'violated',
    violations: [],
    build,
    foundBy,
  };
}
