/**
 * The judge: a history in, a judgement out. Pure. Each promise has a check of its own; the exact search stands
 * beside the named checks and each must agree with the other. Where the search finds no legal order and no check
 * knows why, the violation is 'not-linearizable'; where a check accuses and the search finds a legal order, the
 * checker itself is wrong, and that is a doubt, never an accusation. After a power loss the legal order needs a cut
 * besides, and a state that no cut explains is a 'hole'.
 *
 * What a check throws is a doubt too, so a broken checker answers 'unknown' and never 'held'.
 */
import type { HistoryEvent } from '../history/event.js';
import { type Evidence, type Writers, evidenceOf, writersOf } from './evidence.js';
import { files } from './files.js';
import { flipFlops } from './flip-flop.js';
import { holes, unnamedHole } from './hole.js';
import { SEARCH_STEPS_MAX, type LinearizationProblem, linearizable } from './linearizable.js';
import { type LifeRecord, livesOf } from './lives.js';
import { lostWrites } from './lost-write.js';
import { impossibleAnswer, notLinearizable } from './not-linearizable.js';
import { foreignDeaths, opens, refusesWork, shortages } from './opens.js';
import { phantoms } from './phantom.js';
import { DEFAULT_PROMISE, type PowerPromise } from './promise.js';
import { malformedScans, readPathsInObservations } from './read-paths.js';
import { resurrectedWrites } from './resurrected.js';
import { staleReads } from './stale-read.js';
import { changedSnapshots } from './snapshot-changed.js';
import { type Stretch, stretchesOf } from './stretch.js';
import { tornBatches } from './torn-batch.js';
import { twoOwners } from './two-owners.js';
import type { Judgement, Violation } from './verdict.js';

/**
 * Judges a history under the promise that every acknowledged write survives a kill, and what `promise` says about
 * a power loss. Never throws.
 */
export function judge(history: readonly HistoryEvent[], promise: PowerPromise = DEFAULT_PROMISE): Judgement {
  const findings: Findings = { violations: [], doubts: [] };
  if (history.length === 0) findings.doubts.push('The history is empty, so nothing was checked.');
  attempt(findings, () => findings.doubts.push(...foreignDeaths(history), ...shortages(history)));
  for (const check of [opens, files, readPathsInObservations, twoOwners]) {
    attempt(findings, () => findings.violations.push(...check(history)));
  }
  attempt(findings, () => {
    const lives = livesOf(history);
    findings.violations.push(...refusesWork(history));
    const writers = writersOf(lives);
    for (const stretch of stretchesOf(lives, promise)) {
      attempt(findings, () => judgeStretch(findings, stretch, lives, writers));
    }
  });
  return judgement(findings);
}

interface Findings {
  readonly violations: Violation[];
  readonly doubts: string[];
}

/** Checks of what was read within one stretch; each is sound, so each implies that no legal order exists. */
const NAMED_CHECKS: readonly ((evidence: Evidence) => Violation[])[] = [
  lostWrites,
  resurrectedWrites,
  phantoms,
  tornBatches,
  flipFlops,
  staleReads,
  changedSnapshots,
];

/** A named check is a proof by itself; the search that confirms it need not go to the end. */
const CONFIRMING_STEPS_MAX = 100_000;

function judgeStretch(
  findings: Findings,
  stretch: Stretch,
  lives: readonly LifeRecord[],
  writers: Writers,
): void {
  const malformed = malformedScans(stretch.operations);
  findings.violations.push(...malformed);
  const evidence = evidenceOf(stretch, lives, writers);
  // Without a base there is nothing to start from; that reads disagree has been reported.
  if (evidence === undefined || stretch.base === undefined) return;
  const accusations: Violation[] = [];
  for (const check of NAMED_CHECKS) attempt(findings, () => accusations.push(...check(evidence)));
  const { base, operations, found, durable } = stretch;
  const problem = { base, operations, found: found?.state, durable };
  const stepsMax = accusations.length === 0 ? SEARCH_STEPS_MAX : CONFIRMING_STEPS_MAX;
  const answer = attempt(findings, () => linearizable(problem, stepsMax)) ?? 'unknown';
  if (answer === 'yes') {
    for (const { kind, message } of accusations) {
      findings.doubts.push(
        `The checker contradicts itself about life ${stretch.life}: a legal order exists, but ${kind}: ${message}`,
      );
    }
    return;
  }
  findings.violations.push(...accusations);
  if (answer === 'unknown') {
    findings.doubts.push(`The search for a legal order of the operations of life ${stretch.life} gave up.`);
  }
  if (accusations.length === 0 && malformed.length === 0) {
    findings.violations.push(...unexplained(answer, stretch, problem));
  }
}

/** What is wrong where no named check accuses and the search did not find a legal order. */
function unexplained(answer: 'no' | 'unknown', stretch: Stretch, problem: LinearizationProblem): Violation[] {
  const lossy = stretch.durable !== undefined && stretch.found?.state !== undefined;
  if (!lossy) return answer === 'no' ? [notLinearizable(stretch, problem)] : [];
  const impossible = answer === 'no' ? impossibleAnswer(stretch, problem) : undefined;
  if (impossible !== undefined) return [impossible];
  const named = holes(stretch);
  return answer === 'no' && named.length === 0 ? [unnamedHole(stretch)] : named;
}

function attempt<Result>(findings: Findings, run: () => Result): Result | undefined {
  try {
    return run();
  } catch (error) {
    findings.doubts.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
    return undefined;
  }
}

function judgement({ violations, doubts }: Findings): Judgement {
  const inOrder = [...violations].sort((left, right) => left.life - right.life);
  if (inOrder.length > 0) return { verdict: 'violated', violations: inOrder, doubts: [] };
  return { verdict: doubts.length > 0 ? 'unknown' : 'held', violations: [], doubts };
}
