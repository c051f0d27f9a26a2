import { expect, test } from 'vitest';
import { stream } from '../../random.js';
import { isChange } from '../trace.js';
import { planTrial, traceOf } from './plan.js';

const plans = [...Array(200).keys()].map((seed) => planTrial(stream(seed, 'test')));

test('the same seed plans the same trial', () => {
  expect(planTrial(stream(7, 'test'))).toEqual(planTrial(stream(7, 'test')));
  expect(planTrial(stream(7, 'test'))).not.toEqual(planTrial(stream(8, 'test')));
});

test('traces are short, so that their states can be searched through', () => {
  for (const plan of plans) {
    const changes = traceOf(plan).filter(isChange);
    expect(traceOf(plan).length).toBeGreaterThan(0);
    expect(changes.length).toBeLessThanOrEqual(14);
  }
});

test('every kind of step is planned, and both kinds of pauses', () => {
  const kinds = new Set(plans.flatMap(traceOf).map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(
    ['create', 'mkdir', 'rename', 'sync', 'sync-directory', 'truncate', 'unlink', 'write'].sort(),
  );
  const actions = new Set(plans.flatMap(({ actions }) => actions.map(({ kind }) => kind)));
  expect(actions).toContain('pause');
  expect(actions).toContain('write-back');
});

test('a sync covers every step before it', () => {
  for (const plan of plans) {
    for (const [place, step] of traceOf(plan).entries()) {
      if (step.kind === 'sync' || step.kind === 'sync-directory') expect(step.since).toBe(place);
    }
  }
});
