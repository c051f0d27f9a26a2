import fc from 'fast-check';
import type { CrashCase } from '../workload/case.js';
import type { Found } from './failure.js';
import type { CaseOutcome } from './run-case.js';

/**
 * A batch of random cases: fast-check generates them from the seed, plays each, and on the first violation shrinks
 * history and crash point together. A run is a case with real processes, so shrinking has a budget in runs; what
 * it leaves is for `minimise`. A case that could not be played (a full disk, a child that is no engine) says nothing
 * about the engine: its error is thrown.
 */
export async function exploreBatch(
  arbitrary: fc.Arbitrary<CrashCase>,
  batch: { readonly seed: number; readonly cases: number; readonly shrinkRunsMax: number },
  play: (crashCase: CrashCase) => Promise<CaseOutcome>,
  stopped: () => boolean,
): Promise<Found | undefined> {
  let first: CrashCase | undefined;
  let smallest: { readonly case: CrashCase; readonly outcome: CaseOutcome } | undefined;
  let broken: { readonly error: unknown } | undefined;
  let shrinkRuns = 0;
  const property = fc.asyncProperty(arbitrary, async (crashCase) => {
    if (broken !== undefined || stopped()) return;
    // Past the budget every smaller case is called good, so fast-check stops at the smallest bad one so far.
    if (smallest !== undefined && shrinkRuns++ >= batch.shrinkRunsMax) return;
    let outcome: CaseOutcome;
    try {
      outcome = await play(crashCase);
    } catch (error) {
      // fast-check would take it for a failing case, shrink it and keep it to itself.
      broken = { error };
      return;
    }
    if (outcome.judgement.verdict !== 'violated') return;
    first ??= crashCase;
    smallest = { case: crashCase, outcome };
    throw new Error(outcome.judgement.violations[0]?.message ?? 'violated');
  });
  await fc.check(property, { seed: batch.seed | 0, numRuns: batch.cases });
  if (first === undefined && broken !== undefined) throw broken.error;
  if (first === undefined || smallest === undefined) return undefined;
  return {
    case: first,
    smallest: smallest.case,
    outcome: smallest.outcome,
    shrinkRuns: Math.min(shrinkRuns, batch.shrinkRunsMax),
  };
}
