import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadHashes } from '../../engine/index.js';
import { MODEL_NAMES } from '../disk/model.js';
import { puts, testCase } from '../run/run-test-place.js';
import { buildPatchedTarget } from '../targets/patched-target.js';
import type { CrashCase } from '../workload/case.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import { explore, type Explored, type ExplorePlan } from './explore.js';
import { plant } from './power-test-plant.js';
import { WorkerPool } from './worker-pool.js';

const LIMIT_MS = 30_000;
const ALWAYS = { ...TINY_OPTIONS, durability: 'always' };
const PLAN: ExplorePlan = {
  models: ['posix', 'ext4'],
  kills: true,
  order: 'case',
  seed: 1,
  exhaustiveMax: 16,
  statesMax: 12,
  depthMax: 2,
  deeperOneIn: 20,
  deeperPoints: 4,
  probeOneIn: 4,
};

let root: string;
const pools: WorkerPool[] = [];
beforeAll(async () => {
  await loadHashes();
  root = mkdtempSync(join(tmpdir(), 'ninelives-explore-'));
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  rmSync(root, { recursive: true, force: true });
});

test('the sound engine survives every state that is tried, and the same plan tries the same ones', async () => {
  const crashCase = testCase([{ operations: puts('abcde'), end: 'kill idle' }], ALWAYS);
  const plan = { ...PLAN, models: MODEL_NAMES };
  const [first, again] = [await explore(crashCase, plan), await explore(crashCase, plan)];
  expect(first).toMatchObject({ found: undefined, doubts: [], lives: 1, operations: 5, acknowledged: 5 });
  expect(first.counts.models.map(({ model }) => model)).toEqual(['kill', ...MODEL_NAMES]);
  expect(first.counts.points).toBeGreaterThan(20);
  expect(first.counts.depths[1]).toBeGreaterThan(0);
  expect(again).toEqual(first);
});

test('the power fails at the labels that are wanted, and nowhere else', async () => {
  const crashCase = testCase([{ operations: puts('abcde'), end: 'kill idle' }]);
  const { counts } = await explore(crashCase, { ...PLAN, labels: ['flush/sst.fsync'] });
  expect(counts.labels).toContain('flush/sst.fsync');
  expect(counts.labels).not.toContain('manifest/rename');
  // Right before and right after each of two tables.
  expect(counts.points).toBe(4);
});

test('a recovery that gives another state when it was interrupted is found', async () => {
  // The WAL is emptied as soon as it was read, and not when what it held is in a table.
  const sync = "    if (mayBeTorn) await file.sync('recovery/wal.fsync');\n";
  const cut = "    file.truncate(WAL_HEADER_BYTES, 'recovery/wal.truncate');\n";
  const bug = plant('engine/recovery/recover-wals.ts', sync, cut + sync);
  const threads = await planted('wal-emptied', bug);
  const interrupted = testCase([
    { operations: puts('ab'), end: 'kill idle' },
    { operations: [], end: 'kill after recovery/wal.fsync #1' },
  ]);
  const { judgement } = await threads.run({ kind: 'play', case: interrupted, traced: false }, LIMIT_MS);
  const kinds = judgement.violations.map(({ kind }) => kind);
  expect(kinds).toContain('not-idempotent');
  const lives = interrupted.lives.with(1, { operations: [], end: 'kill idle' });
  const { found } = await exploreWith(threads, { ...interrupted, lives });
  expect(found?.outcome.judgement.violations.map(({ kind }) => kind)).toContain('not-idempotent');
  // Recovered whole the database is right, so only what dies in recovery tells.
  const whole = testCase([{ operations: puts('ab'), end: 'kill idle' }]);
  expect((await threads.run({ kind: 'play', case: whole, traced: false }, LIMIT_MS)).judgement.verdict).toBe(
    'held',
  );
});

test('an acknowledgement that comes before its sync is found, and explained as such', async () => {
  const bug = plant(
    'engine/write-path.ts',
    'if (sync) await this.wal.sync();',
    'if (sync) void this.wal.sync();',
  );
  const threads = await planted('early-answer', bug);
  const crashCase = testCase([{ operations: puts('abc'), end: 'kill idle' }], ALWAYS);
  const { found } = await exploreWith(threads, crashCase);
  if (found === undefined) throw new Error('Expected a state that is violated.');
  expect(found.outcome.judgement.verdict).toBe('violated');
  const { culprit, outcome } = await threads.run({ kind: 'explain', case: found.case }, LIMIT_MS);
  expect(outcome.judgement.verdict).toBe('violated');
  expect(culprit).toMatchObject({
    barrier: 'wal/fsync',
    kept: expect.stringMatching(/^the acknowledgement of put "/) as unknown,
  });
  expect(culprit?.lost).toMatch(/^wal\/append#\d$/);
  expect(culprit?.lostAt).toMatch(/^engine\/wal\/writer\.ts:\d+$/);
  expect((await explore(crashCase, PLAN)).found).toBeUndefined();
});

test('a life that shows what is wrong by itself is found although no state that it leaves is', async () => {
  const bug = plant(
    'engine/write-path.ts',
    '    this.makeVisible(requests);\n    return undefined;',
    '    return undefined;',
  );
  const threads = await planted('never-visible', bug);
  const operations = [...puts('a'), { operation: { kind: 'get' as const, key: 'a' } }];
  const { found } = await exploreWith(threads, testCase([{ operations, end: 'kill idle' }]));
  expect(found?.outcome.judgement.violations.map(({ life }) => life)).toContain(0);
});

async function planted(id: string, diff: string): Promise<WorkerPool> {
  const { workerPath } = await buildPatchedTarget(id, diff, join(root, id));
  const pool = new WorkerPool(workerPath, 1);
  pools.push(pool);
  return pool;
}

async function exploreWith(threads: WorkerPool, crashCase: CrashCase): Promise<Explored> {
  return await threads.run({ kind: 'explore', case: crashCase, plan: PLAN }, LIMIT_MS);
}
