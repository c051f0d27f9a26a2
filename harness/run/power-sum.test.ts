import { expect, test } from 'vitest';
import type { Explored } from '../power/explore.js';
import { PowerSum } from './power-sum.js';

test('a disk that two cases leave is counted once; everything else is added up', () => {
  const sum = new PowerSum();
  sum.add(explored([1, 2, 3], { depths: [3], labels: ['wal/append'] }));
  sum.add(explored([3, 4], { depths: [2, 5], labels: ['wal/fsync'] }));
  expect(sum.distinct).toBe(4);
  expect([...sum.labels]).toEqual(['wal/append', 'wal/fsync']);
  expect(sum.counts()).toEqual({ cases: 2, lives: 2, operations: 10, acknowledged: 8, recoveries: 10 });
  expect(sum.record('held')).toMatchObject({
    models: [
      {
        model: 'posix',
        verdict: 'held',
        points: 4,
        reachable: 20,
        tried: 12,
        distinct: 4,
        exhaustedPoints: 2,
      },
    ],
    distinct: 4,
    recoveries: 10,
    depths: [5, 5],
    operations: 10,
  });
});

test('the digest depends on the order of the cases', () => {
  const [one, two] = [explored([1], { digest: 'a' }), explored([2], { digest: 'b' })];
  const digestOf = (...all: readonly Explored[]) => {
    const sum = new PowerSum();
    for (const each of all) sum.add(each);
    return sum.record('held').digest;
  };
  expect(digestOf(one, two)).toBe(digestOf(one, two));
  expect(digestOf(one, two)).not.toBe(digestOf(two, one));
});

test('where a sync failed the model has a name and counts of its own', () => {
  const sum = new PowerSum();
  sum.add(explored([1], {}));
  sum.add({ ...explored([1, 2], {}), failedSyncs: 1 });
  expect(sum.record('held').models.map(({ model, distinct }) => [model, distinct])).toEqual([
    ['posix', 1],
    ['posix+fsync-fails', 2],
  ]);
  expect(sum.record('held').failedSyncs).toBe(1);
});

test('a model with a failure is violated; another one is unknown only where the scenario is', () => {
  const sum = new PowerSum();
  sum.add(explored([1], { model: 'posix', failures: 1 }));
  sum.add(explored([2], { model: 'ext4' }));
  const verdicts = (verdict: 'violated' | 'unknown') =>
    sum.record(verdict).models.map((model) => model.verdict);
  expect(verdicts('violated')).toEqual(['violated', 'held']);
  expect(verdicts('unknown')).toEqual(['violated', 'unknown']);
});

interface Wanted {
  readonly model?: string;
  readonly failures?: number;
  readonly depths?: readonly number[];
  readonly labels?: readonly string[];
  readonly digest?: string;
}

function explored(
  states: readonly number[],
  { model = 'posix', failures = 0, depths = [1], labels = [], digest = 'x' }: Wanted,
): Explored {
  const counts = { points: 2, reachable: 10, exhaustedPoints: 1, tried: 6, failures };
  return {
    found: undefined,
    doubts: [],
    lives: 1,
    operations: 5,
    acknowledged: 4,
    failedSyncs: 0,
    counts: {
      points: 2,
      labels,
      models: [{ model, ...counts, states: Float64Array.from(states) }],
      depths,
      judged: 0,
      digest,
    },
  };
}
