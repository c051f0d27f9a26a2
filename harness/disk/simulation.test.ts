/**
 * The simulation against the naive one, which shares no code with it (naive-test-simulator.ts): on random traces, what
 * one says a power loss may leave, the other must say too. Under posix the sets are equal. The journalled models are
 * checked for inventing nothing; they leave out some states that the naive rules allow, see `disputed`.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Content } from './content.js';
import type { Disk } from './disk.js';
import { FillBytes } from './fill-bytes.js';
import { MODEL_NAMES, type ModelName } from './model.js';
import { modelOf } from './models/index.js';
import { naiveCost, naiveStates, treeText, type FillFunction } from './naive-test-simulator.js';
import { traceText, tracesOf } from './naive-test-traces.js';
import { close, Simulation } from './simulation.js';
import { directoryOf, type TraceStep } from './trace.js';

const COST_MAX = 1_500;
const SIZE = { changesMax: 7, runs: 300 };

test.each(MODEL_NAMES)('under %s every simulated state is one that the rules allow', (model) => {
  onRandomTraces(model, ({ simulated, naive, message }) => {
    expect([...simulated].filter((state) => !naive.has(state)).map(shortened), message).toEqual([]);
  });
});

test('under posix every state that the rules allow is simulated', () => {
  onRandomTraces('posix', ({ simulated, naive, message }) => {
    expect([...naive].filter((state) => !simulated.has(state)).map(shortened), message).toEqual([]);
  });
});
