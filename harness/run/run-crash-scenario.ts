import { killAfterArbitrary, killAtStepArbitrary } from '../faults/ending-arbitrary.js';
import { stream } from '../random.js';
import { caseArbitrary } from '../workload/arbitraries.js';
import type { CrashCase } from '../workload/case.js';
import type { CampaignPlan } from './campaign.js';
import { enumerateCases } from './enumerate.js';
import { exploreBatch } from './explore.js';
import { type Found, recordFailure } from './failure.js';
import { runInLanes } from './lanes.js';
import { type CaseOutcome, type CasePlace, runCase } from './run-case.js';
import type { ScenarioResult } from './run-scenario.js';
import type { CrashScenario } from './scenario.js';
import { ScenarioProgress } from './scenario-progress.js';
import { Tally } from './tally.js';

/**
 * First every enumerated crash point, then random cases in batches, until one is violated. Each job counts for
 * itself and the counts are added up in the order of the jobs, up to the first that failed: so the record is the
 * same on one lane and on ten.
 */
export async function runCrashScenario(
  scenario: CrashScenario,
  plan: CampaignPlan,
  place: CasePlace,
): Promise<ScenarioResult> {
  const startMs = plan.clock.monotonicMs();
  const progress = new ScenarioProgress(scenario, plan);
  const tally = new Tally();
  const doubts = new Set<string>();
  let found: Found | undefined;
  for (const jobsOf of [enumeratedJobs, exploringJobs]) {
    if (found !== undefined || plan.signal.aborted) break;
    const jobs = await jobsOf(scenario, plan, place, progress);
    progress.addJobs(jobs.length);
    const results = await runInLanes(
      jobs,
      plan.workers,
      (result) => result.found !== undefined,
      () => plan.signal.aborted,
    );
    for (const result of results) {
      tally.merge(result.tally);
      for (const doubt of result.doubts) doubts.add(doubt);
      found ??= result.found;
    }
  }
  if (found !== undefined) progress.show('minimising');
  const failures = found === undefined ? [] : [await recordFailure(found, plan, place)];
  if (found === undefined && !plan.signal.aborted)
    for (const doubt of deadFaults(scenario, tally)) doubts.add(doubt);
  const sound = doubts.size === 0 && !plan.signal.aborted;
  return {
    record: {
      name: scenario.name,
      title: scenario.title,
      verdict: found !== undefined ? 'violated' : sound ? 'held' : 'unknown',
      doubts: [...doubts],
      ...tally.counts(),
      durationMs: Math.round(plan.clock.monotonicMs() - startMs),
    },
    failures,
    tally,
  };
}

interface JobResult {
  readonly found: Found | undefined;
  readonly tally: Tally;
  readonly doubts: readonly string[];
}

type Job = () => Promise<JobResult>;

/** One job a case. */
async function enumeratedJobs(
  scenario: CrashScenario,
  plan: CampaignPlan,
  place: CasePlace,
  progress: ScenarioProgress,
): Promise<readonly Job[]> {
  const cases = await enumerateCases(scenario, plan.target.name, plan.seed, place);
  return cases.map((crashCase) => async () => {
    const notes = new JobNotes(place, progress);
    const outcome = await notes.play(crashCase);
    progress.finishJob('enumerating');
    const violated = outcome.judgement.verdict === 'violated';
    return notes.result(
      violated ? { case: crashCase, smallest: crashCase, outcome, shrinkRuns: 0 } : undefined,
    );
  });
}

const BATCH_CASES = 10;
/** fast-check makes the large steps, one run after the other; the rest of the budget is for `minimise`. */
const SHRINK_SHARE = 6;

/** One job a batch, each with a seed of its own, so that a batch does not depend on the others. */
async function exploringJobs(
  scenario: CrashScenario,
  plan: CampaignPlan,
  place: CasePlace,
  progress: ScenarioProgress,
): Promise<readonly Job[]> {
  const { kills } = scenario;
  const endings =
    kills.kind === 'steps' ? killAtStepArbitrary(kills.labels) : killAfterArbitrary(kills.afterMsMax);
  const arbitrary = caseArbitrary(scenario.name, plan.target.name, scenario.workload, endings);
  // A timed failure is not replayable, so a smaller case that fails too could not be told from luck.
  const shrinkRunsMax = kills.kind === 'timed' ? 0 : Math.ceil(plan.shrinkRunsMax / SHRINK_SHARE);
  const batches = Math.ceil((scenario.cases * plan.effort) / BATCH_CASES);
  return Array.from({ length: batches }, (_, batch) => async () => {
    const notes = new JobNotes(place, progress);
    const seed = stream(plan.seed, scenario.name, 'batch', String(batch)).uint32();
    const found = await exploreBatch(
      arbitrary,
      { seed, cases: BATCH_CASES, shrinkRunsMax },
      async (crashCase) => await notes.play(crashCase),
      () => plan.signal.aborted,
    );
    progress.finishJob('exploring');
    return notes.result(found);
  });
}

/** What one job saw. After its first violation it only shrinks, and those runs look at one case: not counted. */
class JobNotes {
  private readonly tally = new Tally();
  private readonly doubts: string[] = [];
  private readonly place: CasePlace;
  private readonly progress: ScenarioProgress;
  private failing = false;

  constructor(place: CasePlace, progress: ScenarioProgress) {
    this.place = place;
    this.progress = progress;
  }

  async play(crashCase: CrashCase): Promise<CaseOutcome> {
    const outcome = await runCase(crashCase, this.place);
    if (this.failing) return outcome;
    this.tally.add(crashCase, outcome);
    const { verdict, doubts } = outcome.judgement;
    if (verdict === 'unknown') this.doubts.push(...doubts);
    if (verdict === 'violated') this.failing = true;
    this.progress.count(outcome);
    return outcome;
  }

  result(found: Found | undefined): JobResult {
    return { found, tally: this.tally, doubts: this.doubts };
  }
}

/** A fault that never struck has tested nothing. */
function deadFaults({ kills }: CrashScenario, tally: Tally): readonly string[] {
  if (kills.kind === 'timed') {
    return tally.killCounts().timed > 0 ? [] : ['No timed kill was done, so nothing is known.'];
  }
  const dead = kills.labels.filter(
    (label) => tally.cell(label, 'before').kills + tally.cell(label, 'after').kills === 0,
  );
  if (dead.length === 0) return [];
  return [`No kill ever struck at ${dead.join(', ')}, so nothing is known about them.`];
}
