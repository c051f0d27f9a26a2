import type { Verdict } from '../checker/verdict.js';
import { killAfterArbitrary, killAtStepArbitrary } from '../faults/ending-arbitrary.js';
import { stream } from '../random.js';
import { caseArbitrary } from '../workload/arbitraries.js';
import type { CrashCase } from '../workload/case.js';
import type { CampaignPlan } from './campaign.js';
import { enumerateCases } from './enumerate.js';
import { exploreBatch } from './explore.js';
import { type Found, recordFailure } from './failure.js';
import { runInLanes } from './lanes.js';
import type { RunProgress } from './progress.js';
import type { FailureRecord, ScenarioRecord } from './record.js';
import { type CaseOutcome, type CasePlace, runCase } from './run-case.js';
import { runValidationScenario } from './run-validation-scenario.js';
import type { CrashScenario, Scenario } from './scenario.js';
import { Tally } from './tally.js';

/** Plays one scenario: first every enumerated crash point, then random cases, until one is violated. */
export async function runScenario(
  scenario: Scenario,
  plan: CampaignPlan,
  place: CasePlace,
): Promise<ScenarioResult> {
  return scenario.kind === 'validation'
    ? await runValidationScenario(scenario, plan, place)
    : await runCrashScenario(scenario, plan, place);
}

export interface ScenarioResult {
  readonly record: ScenarioRecord;
  readonly failures: readonly FailureRecord[];
  readonly tally: Tally;
}

async function runCrashScenario(
  scenario: CrashScenario,
  plan: CampaignPlan,
  place: CasePlace,
): Promise<ScenarioResult> {
  const startMs = plan.clock.monotonicMs();
  const run = new ScenarioRun(scenario, plan, place);
  const enumerated = await enumerateCases(scenario, plan.target.name, plan.seed, place);
  let found = await run.playAll(enumerated);
  if (found === undefined && !plan.signal.aborted) found = await run.explore();
  if (found !== undefined) run.report('minimising');
  const failures = found === undefined ? [] : [await recordFailure(found, plan, place)];
  return {
    record: {
      name: scenario.name,
      title: scenario.title,
      verdict: run.verdict(failures.length > 0),
      doubts: run.allDoubts(),
      ...run.tally.counts(),
      durationMs: Math.round(plan.clock.monotonicMs() - startMs),
    },
    failures,
    tally: run.tally,
  };
}

const BATCH_CASES = 10;
/** fast-check makes the large steps, one run after the other; the rest of the budget is for \`minimise\`. */
const SHRINK_SHARE = 6;

class ScenarioRun {
  readonly tally = new Tally();
  private readonly scenario: CrashScenario;
  private readonly plan: CampaignPlan;
  private readonly place: CasePlace;
  private readonly doubts = new Set<string>();
  private jobs = 0;
  private jobsDone = 0;
  private failing = false;

  constructor(scenario: CrashScenario, plan: CampaignPlan, place: CasePlace) {
    this.scenario = scenario;
    this.plan = plan;
    this.place = place;
  }

  /** Plays given cases; the first, in their order, that is violated. */
  async playAll(cases: readonly CrashCase[]): Promise<Found | undefined> {
    this.jobs += cases.length;
    const jobs = cases.map((crashCase) => async (): Promise<Found | undefined> => {
      const outcome = await this.play(crashCase);
      this.finishJob('enumerating');
      if (outcome.judgement.verdict !== 'violated') return undefined;
      return { case: crashCase, smallest: crashCase, outcome, shrinkRuns: 0 };
    });
    return await this.firstOf(jobs);
  }

  /** Plays random cases in batches, each with a seed of its own, so that a batch does not depend on the others. */
  async explore(): Promise<Found | undefined> {
    const { scenario, plan } = this;
    const { kills } = scenario;
    const endings =
      kills.kind === 'steps' ? killAtStepArbitrary(kills.labels) : killAfterArbitrary(kills.afterMsMax);
    const arbitrary = caseArbitrary(scenario.name, plan.target.name, scenario.workload, endings);
    const batches = Math.ceil((scenario.cases * plan.effort) / BATCH_CASES);
    this.jobs += batches;
    const jobs = Array.from({ length: batches }, (_, batch) => async (): Promise<Found | undefined> => {
      const seed = stream(plan.seed, scenario.name, 'batch', String(batch)).uint32();
      const limits = {
        seed,
        cases: BATCH_CASES,
        shrinkRunsMax: kills.kind === 'timed' ? 0 : Math.ceil(plan.shrinkRunsMax / SHRINK_SHARE),
      };
      const result = await exploreBatch(
        arbitrary,
        limits,
        async (crashCase) => await this.play(crashCase),
        () => this.stopped(),
      );
      this.finishJob('exploring');
      return result;
    });
    return await this.firstOf(jobs);
  }

  verdict(violated: boolean): Verdict {
    if (violated) return 'violated';
    return this.allDoubts().length > 0 || this.stopped() ? 'unknown' : 'held';
  }

  /** What keeps a clean run from being 'held': doubtful cases, and faults that never struck. */
  allDoubts(): readonly string[] {
    if (this.failing || this.stopped()) return [...this.doubts];
    return [...this.doubts, ...this.deadFaults()];
  }

  private deadFaults(): readonly string[] {
    const { kills } = this.scenario;
    if (kills.kind === 'timed') {
      return this.tally.killCounts().timed > 0 ? [] : ['No timed kill was done, so nothing is known.'];
    }
    const dead = kills.labels.filter(
      (label) => this.tally.cell(label, 'before').kills + this.tally.cell(label, 'after').kills === 0,
    );
    return dead.length === 0
      ? []
      : [`No kill ever struck at ${dead.join(', ')}, so nothing is known about them.`];
  }

  private async play(crashCase: CrashCase): Promise<CaseOutcome> {
    const outcome = await runCase(crashCase, this.place);
    // After the first failure of a batch fast-check shrinks: those runs look at one case and are not counted.
    if (!this.failing) this.tally.add(crashCase, outcome);
    if (outcome.judgement.verdict === 'violated' && !this.failing) {
      this.failing = true;
      this.report('shrinking');
    }
    for (const doubt of outcome.judgement.verdict === 'unknown' ? outcome.judgement.doubts : [])
      this.doubts.add(doubt);
    return outcome;
  }

  private async firstOf(jobs: readonly (() => Promise<Found | undefined>)[]): Promise<Found | undefined> {
    const results = await runInLanes(
      jobs,
      this.plan.workers,
      (result) => result !== undefined,
      () => this.stopped(),
    );
    return results.find((result) => result !== undefined);
  }

  private stopped(): boolean {
    return this.plan.signal.aborted;
  }

  private finishJob(stage: RunProgress['stage']): void {
    this.jobsDone++;
    this.report(stage);
  }

  report(stage: RunProgress['stage']): void {
    const { jobs, jobsDone, plan, scenario } = this;
    const { cases, kills } = this.tally.counts();
    plan.onProgress({
      scenario: scenario.name,
      done: plan.scenarios.indexOf(scenario),
      of: plan.scenarios.length,
      kills: kills.exact + kills.timed + kills.idle,
      cases,
      jobsDone,
      jobs,
      failures: this.failing ? 1 : 0,
      stage,
    });
  }
}
