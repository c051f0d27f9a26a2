import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { plant } from '../power/power-test-plant.js';
import { buildPatchedTarget } from '../targets/patched-target.js';
import { lsmTarget, PACKAGE_ROOT, type Target } from '../targets/target.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import type { CampaignPlan } from './campaign.js';
import type { PowerScenario } from './power-scenario.js';
import { runPowerScenario } from './run-power-scenario.js';
import type { ScenarioResult } from './run-scenario.js';
import { openPlace } from './run-test-place.js';
import { WALL_CLOCK } from './wall-clock.js';

let root: string;
let unsynced: Target;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'ninelives-power-'));
  const sync = '    await file.sync(`${phase}/sst.fsync`);\n';
  unsynced = await buildPatchedTarget(
    'table-unsynced',
    plant('engine/table/builder.ts', sync, ''),
    join(root, 'bug'),
  );
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SCENARIO: PowerScenario = {
  kind: 'power',
  name: 'power-test',
  title: 'What was synced is there when the power comes back',
  workload: { options: TINY_OPTIONS, keysMax: 6, operationsMin: 8, operationsMax: 14, livesMax: 1 },
  models: ['posix', 'ext4'],
  cases: 3,
};

const TINY: PowerScenario = {
  ...SCENARIO,
  workload: { ...SCENARIO.workload, operationsMin: 3, operationsMax: 6 },
};

test('one thread and two give the same record, state by state, and so does a second run', async () => {
  const first = await run(TINY, lsmTarget(), 1);
  const again = await run(TINY, lsmTarget(), 1);
  const onTwo = await run(TINY, lsmTarget(), 2);
  expect(first.record).toMatchObject({ verdict: 'held', doubts: [], cases: 3, lives: 3 });
  expect(first.record.power?.digest).toMatch(/^[0-9a-f]{16}$/);
  expect(first.record.power?.distinct).toBeGreaterThan(50);
  expect(first.record.power?.models.map(({ model }) => model)).toEqual(['kill', 'posix', 'ext4']);
  expect(again).toEqual(first);
  expect(onTwo).toEqual(first);
});

test('another seed tries other states', async () => {
  const small = { ...TINY, cases: 1, models: ['ext4'] as const };
  const [first, other] = [
    await run(small, lsmTarget(), 1, { seed: 1 }),
    await run(small, lsmTarget(), 1, { seed: 2 }),
  ];
  expect(other.record.power?.digest).not.toBe(first.record.power?.digest);
});

test('a step that no case comes to leaves the scenario unknown, and so does a sync that never fails', async () => {
  const small = { ...SCENARIO, cases: 1, models: ['ext4'] as const };
  const dead = await run({ ...small, labels: ['manifest/rename', 'recovery/bloom.create'] }, lsmTarget(), 1);
  expect(dead.record.verdict).toBe('unknown');
  expect(dead.record.doubts.join()).toContain('never failed at recovery/bloom.create');
  const never = await run({ ...small, failedSyncs: ['recovery/bloom.fsync'] }, lsmTarget(), 1);
  expect(never.record.verdict).toBe('unknown');
  expect(never.record.doubts.join()).toContain('No sync ever failed');
});

test('a sync that fails is counted under models of its own', async () => {
  const scenario = { ...SCENARIO, cases: 4, models: ['ext4'] as const, failedSyncs: ['wal/fsync'] as const };
  const { record } = await run(scenario, lsmTarget(), 2);
  expect(record).toMatchObject({ verdict: 'held', doubts: [] });
  expect(record.power?.failedSyncs).toBeGreaterThan(0);
  expect(record.power?.models.map(({ model }) => model)).toEqual(
    expect.arrayContaining(['kill+fsync-fails', 'ext4+fsync-fails']),
  );
});

test('a table that is not synced is found, shrunk, and explained with the pair of steps and where they are', async () => {
  const { record, failures } = await run(SCENARIO, unsynced, 2, { shrinkRunsMax: 40 });
  expect(record.verdict).toBe('violated');
  expect(record.power?.models.some((model) => model.verdict === 'violated' && model.failures > 0)).toBe(true);
  const [failure] = failures;
  expect(failure?.reproduced).toEqual({ times: 3, of: 3 });
  expect(failure?.operationsAfter).toBeLessThanOrEqual(failure?.operationsBefore ?? 0);
  expect(failure?.operationsAfter).toBeLessThanOrEqual(6);
  const culprit = failure?.culprit;
  expect(culprit?.lost).toMatch(/^(flush|compaction)\/sst\.write#\d+$/);
  expect(culprit?.barrier).toMatch(/^(flush|compaction)\/sst\.fsync$/);
  expect(culprit?.kept).toMatch(/^manifest\/rename#\d+$/);
  expect(sourceLine(culprit?.lostAt)).toContain('append');
  expect(sourceLine(culprit?.keptAt)).toContain('rename');
});

test('the states that convict a planted bug do not accuse the sound engine', async () => {
  const { failures } = await run(SCENARIO, unsynced, 2, { shrinkRunsMax: 0 });
  const [failure] = failures;
  if (failure === undefined) throw new Error('Expected a failure.');
  const place = openPlace();
  try {
    const sound = await place.threads.run({ kind: 'play', case: failure.minimised, traced: false }, 30_000);
    expect(sound.judgement).toEqual({ verdict: 'held', violations: [], doubts: [] });
  } finally {
    await place.close();
  }
});

async function run(
  scenario: PowerScenario,
  target: Target,
  workers: number,
  options: Partial<CampaignPlan> = {},
): Promise<ScenarioResult> {
  const plan: CampaignPlan = {
    target,
    scenarios: [scenario],
    seed: 1,
    workers,
    effort: 1,
    corpus: null,
    failuresDirectory: join(root, 'failures'),
    dataParent: undefined,
    lifeLimitMs: 30_000,
    shrinkRunsMax: 0,
    command: 'vitest',
    clock: WALL_CLOCK,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...options,
  };
  const place = openPlace(target);
  try {
    const result = await runPowerScenario(scenario, plan, place);
    return { ...result, record: { ...result.record, durationMs: 0 } };
  } finally {
    await place.close();
  }
}

/** The line of the sources that a place such as `engine/wal/writer.ts:31` names; of the engine as it was planted, where it is. */
function sourceLine(place: string | null | undefined): string {
  const [, path = '', line = ''] = /^(engine\/[\w./-]+\.ts):(\d+)$/.exec(place ?? '') ?? [];
  const planted = join(root, 'bug', path);
  const file = existsSync(planted) ? planted : join(PACKAGE_ROOT, path);
  return readFileSync(file, 'utf8').split('\n')[Number(line) - 1] ?? '';
}
