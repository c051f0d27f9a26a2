import fc from 'fast-check';
import { expect, test } from 'vitest';
import { caseArbitrary } from '../workload/arbitraries.js';
import type { CrashCase } from '../workload/case.js';
import { operationCount } from '../workload/case-facts.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import { exploreBatch } from './explore.js';
import type { CaseOutcome } from './run-case.js';

const WORKLOAD = { options: TINY_OPTIONS, keysMax: 4, operationsMax: 20, livesMax: 3 };
const cases = caseArbitrary('by-hand', 'lsm', WORKLOAD, fc.constantFrom('kill idle', 'close'));
const BATCH = { seed: 7, cases: 20, shrinkRunsMax: 1_000 };

test('a batch in which nothing fails plays all its cases, the same for the same seed', async () => {
  const first: CrashCase[] = [];
  const second: CrashCase[] = [];
  for (const played of [first, second]) {
    const found = await exploreBatch(
      cases,
      BATCH,
      async (one) => outcome(played, one, false),
      () => false,
    );
    expect(found).toBeUndefined();
  }
  expect(first).toHaveLength(20);
  expect(second).toEqual(first);
  const other: CrashCase[] = [];
  await exploreBatch(
    cases,
    { ...BATCH, seed: 8 },
    async (one) => outcome(other, one, false),
    () => false,
  );
  expect(other).not.toEqual(first);
});

test('the first failing case is kept as it was, and shrunk within the budget', async () => {
  for (const shrinkRunsMax of [0, 3, 1_000]) {
    const played: CrashCase[] = [];
    const fails = (one: CrashCase) => operationCount(one) >= 5;
    const found = await exploreBatch(
      cases,
      { ...BATCH, shrinkRunsMax },
      async (one) => outcome(played, one, fails(one)),
      () => false,
    );
    if (found === undefined) throw new Error('Expected a failure.');
    const first = played.findIndex(fails);
    expect(found.case).toEqual(played[first]);
    expect(fails(found.smallest)).toBe(true);
    expect(played.length - first - 1).toBe(found.shrinkRuns);
    expect(found.shrinkRuns).toBeLessThanOrEqual(shrinkRunsMax);
    if (shrinkRunsMax === 0) expect(found.smallest).toEqual(found.case);
    else if (shrinkRunsMax === 1_000) expect(operationCount(found.smallest)).toBe(5);
  }
});

test('when stopped, no further case is played', async () => {
  const played: CrashCase[] = [];
  const stopped = () => played.length >= 4;
  await exploreBatch(cases, BATCH, async (one) => outcome(played, one, false), stopped);
  expect(played).toHaveLength(4);
});

test('a case that could not be played is an error, not a case that held', async () => {
  // fast-check took the error for a failing case and the batch came back as clean.
  const played: CrashCase[] = [];
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  const play = async (one: CrashCase) => {
    if (played.length === 3) throw full;
    return outcome(played, one, false);
  };
  await expect(exploreBatch(cases, BATCH, play, () => false)).rejects.toBe(full);
  expect(played).toHaveLength(3);
});

/** What a run would say of the case; also notes that it was played. */
function outcome(played: CrashCase[], crashCase: CrashCase, fails: boolean): CaseOutcome {
  played.push(crashCase);
  const violation = { kind: 'lost' as const, life: 0, message: 'lost', operations: [] };
  const judgement = fails
    ? { verdict: 'violated' as const, violations: [violation], doubts: [] }
    : { verdict: 'held' as const, violations: [], doubts: [] };
  return { history: [], lives: [], directories: [], judgement };
}
