import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STEP_LABELS } from '../../engine/index.js';
import { parseEnding } from '../faults/ending.js';
import { killAtStepArbitrary } from '../faults/ending-arbitrary.js';
import { caseArbitrary } from '../workload/arbitraries.js';
import type { CrashCase } from '../workload/case.js';
import { keysOf, operationCount } from '../workload/case-facts.js';
import { writesOf } from '../workload/operation.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import { minimise } from './minimise.js';
import { testCase } from './run-test-place.js';

const cases = caseArbitrary(
  'by-hand',
  'lsm',
  { options: TINY_OPTIONS, keysMax: 4, operationsMax: 12, livesMax: 3 },
  killAtStepArbitrary(STEP_LABELS.slice(0, 12)),
);
const ENDLESS = { runsMax: 1_000_000, parallel: 3, stopped: () => false };

/** Failing conditions that look at several parts of a case, as real failures do. */
const conditions = fc
  .record({
    writes: fc.nat({ max: 5 }),
    key: fc.constantFrom('a', 'b', 'none'),
    occurrence: fc.integer({ min: 1, max: 3 }),
    overlap: fc.boolean(),
  })
  .map(({ writes, key, occurrence, overlap }) => (crashCase: CrashCase): boolean => {
    const scheduled = crashCase.lives.flatMap((life) => life.operations);
    return (
      scheduled.flatMap(({ operation }) => writesOf(operation)).length >= writes &&
      (key === 'none' || keysOf(crashCase).includes(key)) &&
      crashCase.lives.some((life) => occurrenceOf(life.end) >= occurrence) &&
      (!overlap || scheduled.some((one) => one.overlap === true))
    );
  });

test('what comes out still fails, and nothing can be taken away from it: no life, operation, write, overlap or turn', async () => {
  await fc.assert(
    fc.asyncProperty(cases, conditions, async (crashCase, fails) => {
      fc.pre(fails(crashCase));
      const { smallest } = await minimise(crashCase, async (one) => fails(one), ENDLESS);
      expect(fails(smallest)).toBe(true);
      expect(smallerBy1(smallest).filter(fails)).toEqual([]);
    }),
  );
});

test('the result does not depend on how many candidates are tried at a time', async () => {
  await fc.assert(
    fc.asyncProperty(
      cases,
      conditions,
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom(7, 40, ENDLESS.runsMax),
      async (crashCase, fails, parallel, runsMax) => {
        fc.pre(fails(crashCase));
        const budget = { ...ENDLESS, runsMax };
        const alone = await minimise(crashCase, async (one) => fails(one), { ...budget, parallel: 1 });
        const together = await minimise(crashCase, async (one) => fails(one), { ...budget, parallel });
        expect(together).toEqual(alone);
      },
    ),
  );
});

test('an overlap that the failure needs does not keep values long and batches large', async () => {
  // Candidates for plainer values once lost their overlap, so such a case kept its padding for ever.
  const start = testCase([
    {
      operations: [
        { operation: { kind: 'sync' } },
        { operation: { kind: 'put', key: 'a', value: '0.1:....' }, overlap: true, turns: [1, 2] },
      ],
      end: 'close',
    },
  ]);
  const fails = async (one: CrashCase) =>
    one.lives.some((life) =>
      life.operations.some(({ operation, overlap }) => operation.kind === 'put' && overlap === true),
    );
  const { smallest } = await minimise(start, fails, ENDLESS);
  expect(smallest.lives).toEqual([
    { operations: [{ operation: { kind: 'put', key: 'a', value: '0.1' }, overlap: true }], end: 'close' },
  ]);
});

test('the budget is a number of runs, whatever their number at the same time', async () => {
  const [start] = fc.sample(cases, { seed: 3, numRuns: 1 });
  if (start === undefined) throw new Error('Expected a case.');
  let runs = 0;
  const never = async () => {
    runs++;
    return false;
  };
  const result = await minimise(start, never, { ...ENDLESS, runsMax: 5, parallel: 3 });
  expect([result.smallest, result.runs, runs]).toEqual([start, 5, 5]);
});

test('when stopped, the smallest case so far comes out', async () => {
  const start = testCase([{ operations: [{ operation: { kind: 'sync' } }], end: 'close' }]);
  const result = await minimise(start, async () => true, { ...ENDLESS, stopped: () => true });
  expect(result).toEqual({ smallest: start, runs: 0 });
});

function occurrenceOf(end: string): number {
  const ending = parseEnding(end);
  return ending.kind === 'kill-at-step' ? ending.occurrence : 0;
}

/** Every case with one thing less, counted here by itself. */
function smallerBy1(crashCase: CrashCase): readonly CrashCase[] {
  const { lives } = crashCase;
  const less: CrashCase[] = [];
  if (lives.length > 1) {
    for (const number of lives.keys())
      less.push({ ...crashCase, lives: lives.filter((_, other) => other !== number) });
  }
  for (const [number, life] of lives.entries()) {
    for (const [index, scheduled] of life.operations.entries()) {
      const put = (operations: typeof life.operations) =>
        less.push({ ...crashCase, lives: lives.with(number, { ...life, operations }) });
      put(life.operations.filter((_, other) => other !== index));
      const { operation, overlap, turns, ...rest } = { ...scheduled };
      expect(rest).toEqual({});
      if (turns !== undefined)
        put(life.operations.with(index, { operation, ...(overlap === undefined ? {} : { overlap }) }));
      if (overlap !== undefined)
        put(life.operations.with(index, { operation, ...(turns === undefined ? {} : { turns }) }));
      if (operation.kind !== 'batch' || operation.writes.length < 2) continue;
      for (const part of operation.writes.keys()) {
        const writes = operation.writes.filter((_, other) => other !== part);
        put(life.operations.with(index, { ...scheduled, operation: { ...operation, writes } }));
      }
    }
  }
  expect(less.every((one) => operationCount(one) <= operationCount(crashCase))).toBe(true);
  return less;
}
