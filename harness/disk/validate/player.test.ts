import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stream } from '../../random.js';
import { posix } from '../models/posix.js';
import { PICK_KEPT } from '../choices.js';
import { Simulation } from '../simulation.js';
import { type Plan, planTrial, traceOf } from './plan.js';
import { play, writeTree } from './player.js';
import { readTree, sameTree } from './read-tree.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ninelives-player-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test.each([...Array(20).keys()])('plays plan %i to the tree that the trace says', async (seed) => {
  const plan = withoutPauses(planTrial(stream(seed, 'test')));
  writeTree(plan.start, root);
  await play(plan, root, {
    signal: new AbortController().signal,
    startWriteBack: async () => undefined,
    crash: async () => undefined,
  });
  const simulation = new Simulation(posix, plan.start);
  for (const step of traceOf(plan)) simulation.advance(step);
  const everything = simulation.state(simulation.choices().map(() => PICK_KEPT));
  const found = readTree(root);
  expect(sameTree(found, everything)).toBe(true);
});

test('an interrupted trial does not reach its crash', async () => {
  const plan = planTrial(stream(1, 'test'));
  writeTree(plan.start, root);
  let crashed = false;
  const played = play(plan, root, {
    signal: AbortSignal.abort(),
    startWriteBack: async () => undefined,
    crash: async () => {
      crashed = true;
    },
  });
  await expect(played).rejects.toThrow(/abort/);
  expect(crashed).toBe(false);
});

function withoutPauses(plan: Plan): Plan {
  return { ...plan, restMs: 0, actions: plan.actions.filter(({ kind }) => kind !== 'pause') };
}
