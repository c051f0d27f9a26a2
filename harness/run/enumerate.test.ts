import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseEnding } from '../faults/ending.js';
import type { StepLabel } from '../../engine/index.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import { enumerateCases } from './enumerate.js';
import { openPlace, type TestPlace } from './run-test-place.js';
import type { CrashScenario } from './scenario.js';

let place: TestPlace;
beforeAll(() => {
  place = openPlace();
});
afterAll(async () => await place.close());

test('the first, a middle and the last occurrence of every step die before and after, and writes are cut', async () => {
  const cases = await enumerateCases(scenario(['wal/append', 'flush/sst.fsync'], null), 'lsm', 1, place);
  expect(new Set(cases.map(({ lives }) => lives.length))).toEqual(new Set([1]));
  const ends = cases.map(({ lives }) => lives[0]?.end ?? '');
  expect(new Set(ends).size).toBe(ends.length);
  expect(ends.slice(0, 2)).toEqual(['kill before wal/append #1', 'kill after wal/append #1']);
  const cuts = ends.filter((end) => end.startsWith('kill inside'));
  expect(cuts[0]).toBe('kill inside wal/append #1 @3');
  expect(new Set(cuts.map((end) => end.split('@')[1]))).toEqual(new Set(['3', '38', '4000']));
  const points = new Map(ends.map(parseEnding).flatMap((end) => ('label' in end ? [[end.label, end]] : [])));
  expect([...points.keys()]).toEqual(['wal/append', 'flush/sst.fsync']);
  expect(ends).toHaveLength(2 * 3 + 15 + 2 * 3);
  // Nothing but the ending differs.
  expect(new Set(cases.map(({ lives }) => JSON.stringify(lives[0]?.operations))).size).toBe(1);
});

test('after a given death the life that is shot at is the second', async () => {
  const after = 'kill inside wal/append #5 @9';
  const cases = await enumerateCases(scenario(['open/lock'], { after }), 'lsm', 1, place);
  expect(cases.map(({ lives }) => lives.map(({ end }) => end))).toEqual([
    [after, 'kill before open/lock #1'],
    [after, 'kill after open/lock #1'],
  ]);
});

test('a step that the workload does not reach gives no case, and the same seed gives the same cases', async () => {
  const unreached = scenario(['recovery/wal.truncate'], null);
  expect(await enumerateCases(unreached, 'lsm', 1, place)).toEqual([]);
  const reached = scenario(['gc/wal.unlink'], null);
  const first = await enumerateCases(reached, 'lsm', 9, place);
  expect(await enumerateCases(reached, 'lsm', 9, place)).toEqual(first);
  expect(await enumerateCases(reached, 'lsm', 10, place)).not.toEqual(first);
});

// A seed whose first workload never compacted once left a whole scenario without a crash point in compactions.
test('a workload that reaches every step is preferred to one that does not', async () => {
  const labels = ['compaction/mkdir', 'compaction/bloom.create', 'gc/bloom.unlink'] as const;
  for (const seed of [1, 2, 3]) {
    const cases = await enumerateCases(scenario(labels, null), 'lsm', seed, place);
    const ends = cases.map(({ lives }) => lives.at(-1)?.end ?? '');
    for (const label of labels) expect(ends).toContain(`kill after ${label} #1`);
  }
});

function scenario(labels: readonly StepLabel[], how: { readonly after: string } | null): CrashScenario {
  return {
    kind: 'crash',
    name: 'by-hand',
    title: 'by hand',
    workload: { options: TINY_OPTIONS, keysMax: 6, operationsMax: 30, livesMax: 2 },
    kills: { kind: 'steps', labels, enumerate: how ?? { after: null } },
    cases: 0,
  };
}
