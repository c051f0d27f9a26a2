import { stream } from '../random.js';
import type { ModelName } from '../disk/model.js';
import type { ExplorePlan } from '../power/explore.js';
import type { FoundState } from '../power/explore-life.js';
import type { CrashCase } from '../workload/case.js';
import type { CampaignPlan } from './campaign.js';
import { type Found, recordFailure } from './failure.js';
import { runInLanes } from './lanes.js';
import { fixedCase, powerCase } from './power-cases.js';
import type { PowerScenario } from './power-scenario.js';
import { PowerSum } from './power-sum.js';
import type { CasePlace } from './run-case.js';
import type { ScenarioResult } from './run-scenario.js';
import { ScenarioProgress } from './scenario-progress.js';
import { Tally } from './tally.js';

/**
 * Random cases, each explored by a thread of its own. Results are added up in the order of the cases up to the first
 * that failed, so the record is the same on one thread and on ten. Where a number of states is asked for instead of a
 * number of cases, cases are drawn in rounds of a fixed size until there are enough.
 */
export async function runPowerScenario(
  scenario: PowerScenario,
  plan: CampaignPlan,
  place: CasePlace,
): Promise<ScenarioResult> {
  const startMs = plan.clock.monotonicMs();
  const progress = new ScenarioProgress(scenario, plan);
  const sum = new PowerSum();
  const doubts = new Set<string>();
  const wanted = plan.states === undefined ? undefined : Math.ceil(plan.states / powerScenarios(plan));
  const cases = jobCount(scenario, plan);
  const byCases = wanted === undefined || scenario.operations !== undefined;
  let found: { readonly case: CrashCase; readonly state: FoundState } | undefined;
  for (let first = 0; found === undefined && !plan.signal.aborted; first += ROUND_CASES) {
    const enough = byCases ? first >= cases : sum.distinct >= wanted;
    if (enough) break;
    const count = byCases ? Math.min(ROUND_CASES, cases - first) : ROUND_CASES;
    progress.addJobs(count);
    const jobs = Array.from({ length: count }, (_, index) => async () => {
      const job = jobOf(scenario, plan, first + index);
      const explored = await place.threads.run({ kind: 'explore', ...job }, EXPLORE_LIMIT_MS);
      progress.countStates(explored.counts.models.reduce((states, model) => states + model.states.length, 0));
      if (explored.found !== undefined) progress.fail();
      progress.finishJob('exploring');
      return { case: job.case, explored };
    });
    const results = await runInLanes(
      jobs,
      plan.workers,
      ({ explored }) => explored.found !== undefined,
      () => plan.signal.aborted,
    );
    for (const { case: crashCase, explored } of results) {
      sum.add(explored);
      for (const doubt of explored.doubts) doubts.add(doubt);
      if (explored.found !== undefined) found ??= { case: crashCase, state: explored.found };
    }
  }
  if (found === undefined && !plan.signal.aborted) {
    for (const doubt of deadFaults(scenario, sum)) doubts.add(doubt);
  }
  if (found !== undefined) progress.show('minimising');
  const failures =
    found === undefined ? [] : [await failureOf(found.case, found.state, scenario, plan, place)];
  const sound = doubts.size === 0 && !plan.signal.aborted && sum.distinct > 0;
  const verdict = found !== undefined ? 'violated' : sound ? 'held' : 'unknown';
  return {
    record: {
      name: scenario.name,
      title: scenario.title,
      verdict,
      doubts: [...doubts],
      ...new Tally().counts(),
      ...sum.counts(),
      durationMs: Math.round(plan.clock.monotonicMs() - startMs),
      power: sum.record(verdict),
    },
    failures,
    tally: sum.tally,
  };
}

/** A fault that never struck has tested nothing. */
function deadFaults(scenario: PowerScenario, sum: PowerSum): readonly string[] {
  const dead = (scenario.labels ?? []).filter((label) => !sum.labels.has(label));
  return [
    ...(dead.length === 0
      ? []
      : [`The power never failed at ${dead.join(', ')}, so nothing is known about them.`]),
    ...(scenario.operations !== undefined && !sum.exhausted
      ? ['Not every state was tried: the operations leave too many.']
      : []),
    ...(scenario.failedSyncs !== undefined && sum.failedSyncs === 0
      ? ['No sync ever failed, so nothing is known about failed syncs.']
      : []),
  ];
}

/** Cases in a round: enough to keep all cores busy, few enough that a round is over soon. */
const ROUND_CASES = 16;
/** A case takes seconds; a thread that takes minutes spins. */
const EXPLORE_LIMIT_MS = 180_000;

/** What is tried at each moment of a case. Small, because many cases find more than many states of one. */
const LIMITS = {
  exhaustiveMax: 32,
  statesMax: 24,
  depthMax: 3,
  deeperOneIn: 60,
  deeperPoints: 6,
  probeOneIn: 4,
  kills: true,
} as const;

/** More states than a moment of a case that is tried whole may have. */
const EXHAUSTIVE_MAX = 1_000_000;

/** A case that is tried whole is one job a model, so that all cores have work. */
function jobCount(scenario: PowerScenario, plan: CampaignPlan): number {
  if (scenario.operations !== undefined) return modelsOf(scenario, plan).length;
  return Math.max(1, Math.ceil(scenario.cases * plan.effort));
}

function jobOf(
  scenario: PowerScenario,
  plan: CampaignPlan,
  number: number,
): { readonly case: CrashCase; readonly plan: ExplorePlan } {
  const { operations } = scenario;
  const models = modelsOf(scenario, plan);
  if (operations === undefined) {
    return {
      case: powerCase(scenario, plan.target.name, plan.seed, number),
      plan: planOf(scenario, plan, number),
    };
  }
  const model = models[number % models.length];
  return {
    case: fixedCase(scenario, operations, plan.target.name),
    plan: {
      ...planOf(scenario, plan, 0),
      models: model === undefined ? [] : [model],
      kills: number === 0,
      exhaustiveMax: EXHAUSTIVE_MAX,
      // A crash of a recovery is sampled, so it would not be whole.
      depthMax: 1,
    },
  };
}

function planOf(scenario: PowerScenario, plan: CampaignPlan, number: number): ExplorePlan {
  const seed = stream(plan.seed, scenario.name, 'states', String(number)).uint32();
  return {
    ...LIMITS,
    models: modelsOf(scenario, plan),
    seed,
    ...(scenario.labels === undefined ? {} : { labels: scenario.labels }),
    order: scenario.order ?? 'case',
  };
}

function modelsOf(scenario: PowerScenario, plan: CampaignPlan): readonly ModelName[] {
  return scenario.models.filter((model) => plan.models?.includes(model) ?? true);
}

function powerScenarios(plan: CampaignPlan): number {
  const sampled = plan.scenarios.filter(
    (scenario) => scenario.kind === 'power' && scenario.operations === undefined,
  );
  return Math.max(1, sampled.length);
}

async function failureOf(
  explored: CrashCase,
  state: FoundState,
  scenario: PowerScenario,
  plan: CampaignPlan,
  place: CasePlace,
): ReturnType<typeof recordFailure> {
  const runsMax = Math.min(SHRINK_EXPLORATIONS_MAX, plan.shrinkRunsMax);
  const { found: shrunk, runs } = await place.threads.run(
    {
      kind: 'shrink',
      explored: state.explored ?? explored,
      found: state,
      plan: planOf(scenario, plan, 0),
      runsMax,
    },
    EXPLORE_LIMIT_MS,
  );
  const found: Found = { case: state.case, smallest: shrunk.case, outcome: shrunk.outcome, shrinkRuns: runs };
  return await recordFailure(found, plan, place);
}

const SHRINK_EXPLORATIONS_MAX = 60;
