import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { CrashCase } from '../workload/case.js';
import { operationCount } from '../workload/case-facts.js';
import type { CampaignPlan } from './campaign.js';
import type { CaseFile } from './case-file.js';
import { saveCase } from './corpus.js';
import { minimise } from './minimise.js';
import type { FailureRecord } from './record.js';
import { type CaseOutcome, type CasePlace, isPlayedInMemory, runCase } from './run-case.js';
import { encodeToken } from './token.js';

/**
 * From a case that failed to a failure that can be shown: minimised, played again to see how often it fails, saved
 * as a case file and given a token. A timed case is not replayable, so it is neither shrunk nor expected to fail
 * again: the history that convicts it is the one in which it was seen.
 */
export async function recordFailure(
  found: Found,
  plan: CampaignPlan,
  place: CasePlace,
): Promise<FailureRecord> {
  const kinds = new Set(found.outcome.judgement.violations.map((violation) => violation.kind));
  const fails = async (candidate: CrashCase): Promise<boolean> => {
    const { judgement, lives } = await runCase(candidate, place);
    const alike = judgement.violations.some(({ kind }) => kinds.has(kind));
    return judgement.verdict === 'violated' && alike && powerLossesStruck(candidate, lives);
  };
  const timed = isTimed(found.case);
  // What does not fail when it is played alone (a timed kill, a wrong answer to a whole file) cannot be shrunk.
  const alone = !timed && (await fails(found.smallest));
  const budget = {
    runsMax: alone ? Math.max(0, plan.shrinkRunsMax - found.shrinkRuns) : 0,
    parallel: plan.workers,
    stopped: () => plan.signal.aborted,
  };
  const { smallest: shortest, runs } = await minimise(found.smallest, fails, budget);
  // Why it hurts is sought last, so that it speaks of the steps of the case that is shown.
  const explained =
    alone && isPlayedInMemory(shortest)
      ? await place.threads.run({ kind: 'explain', case: shortest }, EXPLAIN_LIMIT_MS)
      : undefined;
  const smallest = explained?.case ?? shortest;
  let times = 0;
  for (let run = 0; run < CONFIRMATIONS; run++) if (await fails(smallest)) times++;
  const last = await runCase(smallest, { ...place, keepDirectories: true });
  // A failure that comes and goes may not show itself in this run: then show the run that had it.
  const shown = !timed && last.judgement.verdict === 'violated' ? last : found.outcome;
  const token = encodeToken({ case: smallest, build: plan.target.build });
  const file: CaseFile = {
    format: 'ninelives/case',
    version: 1,
    case: smallest,
    expected: 'violated',
    violations: shown.judgement.violations.map(({ kind, message }) => ({ kind, message })),
    build: plan.target.build,
    foundBy: { seed: plan.seed, command: plan.command },
  };
  const path = saveCase(plan.failuresDirectory, fileNameOf(smallest, plan.seed), file, shown.history);
  const caseFile = relative(process.cwd(), path);
  return {
    scenario: found.case.scenario,
    violations: shown.judgement.violations,
    token,
    command: alone
      ? `npx ninelives replay ${token}`
      : timed
        ? `npx ninelives replay ${caseFile}`
        : plan.command,
    caseFile,
    minimised: smallest,
    history: shown.history,
    operationsBefore: operationCount(found.case),
    operationsAfter: operationCount(smallest),
    shrinkRuns: found.shrinkRuns + runs,
    reproduced: { times, of: CONFIRMATIONS },
    directories: shown.directories,
    ...(explained?.culprit == null ? {} : { culprit: explained.culprit }),
  };
}

/** A case that failed: as it was found, as far as it has been shrunk, and a run in which it failed. */
export interface Found {
  readonly case: CrashCase;
  readonly smallest: CrashCase;
  readonly outcome: CaseOutcome;
  /** Real runs spent on shrinking so far. */
  readonly shrinkRuns: number;
}

/** Whether a case depends on the clock, and so gives other bytes every time. */
export function isTimed(crashCase: CrashCase): boolean {
  return crashCase.lives.some((life) => life.end.startsWith('kill at '));
}

/** A power loss at a moment that never came, or of steps that were not there, is not what it says. */
function powerLossesStruck(crashCase: CrashCase, lives: CaseOutcome['lives']): boolean {
  return crashCase.lives.every(
    ({ end }, number) => !end.startsWith('power ') || lives[number]?.fired !== false,
  );
}

/** Two failures of one scenario, of the corpus or of a run, must not take the same name. */
function fileNameOf(crashCase: CrashCase, seed: number): string {
  const digest = createHash('sha256').update(JSON.stringify(crashCase)).digest('hex').slice(0, 8);
  return `${crashCase.scenario}-${seed}-${digest}`;
}

const CONFIRMATIONS = 3;
const EXPLAIN_LIMIT_MS = 60_000;
