import { expect, test } from 'vitest';
import { stream } from '../../random.js';
import { sameTree } from './read-tree.js';
import { decodeObservation, encodeObservation, type Observation } from './observation.js';
import { planTrial, traceOf } from './plan.js';

const plan = planTrial(stream(5, 'test'));
const observation: Observation = {
  version: 1,
  fileSystem: 'ext4',
  model: 'ext4',
  kernel: '6.18',
  seed: 5,
  trial: 2,
  restMs: 50,
  start: plan.start,
  steps: traceOf(plan),
  found: plan.start,
};

test('an observation that was written down is read as it was', () => {
  const read = decodeObservation(encodeObservation(observation));
  expect(read.steps).toEqual(observation.steps);
  expect(sameTree(read.start, observation.start)).toBe(true);
  expect(read).toMatchObject({ fileSystem: 'ext4', seed: 5, trial: 2, restMs: 50 });
});

test('what is no observation is refused', () => {
  expect(() => decodeObservation('{"version": 2}')).toThrow('Invalid type');
  expect(() => decodeObservation('{')).toThrow(SyntaxError);
});
