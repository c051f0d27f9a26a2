import { expect, test } from 'vitest';
import type { CulpritRecord } from '../harness/run/record.js';
import { groupByCulprit, missingOrder } from './culprit-text.js';
import { SAMPLE_FAILURE } from './sample-failure.js';
import { SAMPLE_CULPRIT } from './sample-power.js';

function failing(culprit: Partial<CulpritRecord>): typeof SAMPLE_FAILURE {
  return { ...SAMPLE_FAILURE, culprit: { ...SAMPLE_CULPRIT, ...culprit } };
}

test('without a known sync the lost step itself is what must be durable', () => {
  expect(missingOrder({ ...SAMPLE_CULPRIT, barrier: null })).toEqual({
    first: 'flush/sst.write#2',
    then: 'manifest/rename#2',
  });
});

test('failures that differ in occurrence, model or operation are one group', () => {
  const groups = groupByCulprit([
    failing({ barrier: null, kept: 'the acknowledgement of put "a" = "1"' }),
    SAMPLE_FAILURE,
    failing({ barrier: null, lost: 'flush/sst.write#9', kept: 'the acknowledgement of sync', model: 'xfs' }),
    failing({}),
  ]);
  expect(groups.map(({ order, failures }) => [order, failures.length])).toEqual([
    [{ first: 'flush/sst.write', then: 'the acknowledgement of an operation' }, 2],
    [undefined, 1],
    [{ first: 'flush/sst.fsync', then: 'manifest/rename' }, 1],
  ]);
});
