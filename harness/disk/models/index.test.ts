import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HarnessError } from '../../errors.js';
import type { Disk } from '../disk.js';
import { MODEL_NAMES } from '../model.js';
import type { TraceStep } from '../trace.js';
import { ext4 } from './ext4.js';
import { ext4Writeback } from './ext4-writeback.js';
import { MODELS, modelOf } from './index.js';
import { statesOf, treeText } from './model-test-states.js';
import { anyTrace } from './model-test-traces.js';
import { posix } from './posix.js';

test('there is a model for each name, in that order', () => {
  expect(MODELS.map(({ name }) => name)).toEqual([...MODEL_NAMES]);
  for (const name of MODEL_NAMES) expect(modelOf(name).name).toBe(name);
});

test('a name that is none is an error that lists the names', () => {
  expect(() => modelOf('fat')).toThrow(HarnessError);
  expect(() => modelOf('fat')).toThrow(/'fat'.*posix, ext4, ext4-writeback, xfs, btrfs/);
});

describe('on random traces', () => {
  test.each(MODELS.filter((model) => model !== posix))('every state of $name is one of posix', (model) => {
    fc.assert(
      fc.property(anyTrace, ({ disk, steps }) => {
        expect(statesMissing(model, posix, disk, steps)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('every state of ext4 is one of ext4-writeback', () => {
    fc.assert(
      fc.property(anyTrace, ({ disk, steps }) => {
        expect(statesMissing(ext4, ext4Writeback, disk, steps)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

function statesMissing(
  strong: typeof posix,
  weak: typeof posix,
  disk: Disk,
  steps: readonly TraceStep[],
): readonly string[] {
  const allowed = statesOf(weak, disk, steps);
  return [...statesOf(strong, disk, steps)]
    .filter(([hash]) => !allowed.has(hash))
    .map(([, state]) => treeText(state));
}
