import { availableParallelism } from 'node:os';
import { crashPointRows } from './tally.js';
import { worstVerdict } from '../checker/verdict.js';
import { ProcessPool } from '../driver/process-pool.js';
import { WorkerPool } from '../power/worker-pool.js';
import type { ModelName } from '../disk/model.js';
import type { Target } from '../targets/target.js';
import { openDataRoot } from './data-root.js';
import { describeEnvironment } from './environment-record.js';
import { limitsOf } from './limits.js';
import type { OnProgress } from './progress.js';
import type { RunRecord, ScenarioRecord } from './record.js';
import { runCorpus } from './run-corpus.js';
import { runScenario, type ScenarioResult } from './run-scenario.js';
import type { Scenario } from './scenario.js';
import type { WallClock } from './wall-clock.js';

/**
 * A campaign: the corpus first, then every scenario, on all cores; the result is one run record. It can be stopped
 * at any time (`signal`): the record then holds what was found so far and says that it was interrupted.
 */
export async function runCampaign(plan: CampaignPlan): Promise<RunRecord> {
  const startedAt = plan.clock.now();
  const startMs = plan.clock.monotonicMs();
  const root = openDataRoot(plan.dataParent);
  const pool = new ProcessPool(plan.target, plan.workers);
  // A thread computes and never waits, so more than one a core would only take memory.
  const threads = new WorkerPool(plan.target.workerPath, Math.min(plan.workers, availableParallelism()));
  let cases = 0;
  const place = {
    pool,
    threads,
    root: root.directory,
    next: () => cases++,
    lifeLimitMs: plan.lifeLimitMs,
    keepDirectories: false,
  };
  const results: ScenarioResult[] = [];
  const environment = describeEnvironment(plan.target.build, root.directory);
  const interrupted = (): boolean => plan.signal.aborted;
  try {
    const steps = [
      ...(plan.corpus === null ? [] : [() => runCorpus(plan, place)]),
      ...plan.scenarios.map((scenario) => () => runScenario(scenario, plan, place)),
    ];
    for (const step of steps) {
      if (interrupted()) break;
      results.push(await step());
    }
  } finally {
    await Promise.all([pool.close(), threads.close()]);
    root.remove();
  }
  const scenarios = results.map(({ record }) => record);
  return {
    format: 'ninelives/run-record',
    version: 1,
    startedAt,
    durationMs: Math.round(plan.clock.monotonicMs() - startMs),
    command: plan.command,
    seed: plan.seed,
    interrupted: interrupted(),
    environment,
    verdict: verdictOf(scenarios, interrupted()),
    scenarios,
    crashPoints: crashPointRows(results.map(({ tally }) => tally)),
    failures: results.flatMap(({ failures }) => failures),
    limits: limitsOf(plan.scenarios),
  };
}

export interface CampaignPlan {
  readonly target: Target;
  readonly scenarios: readonly Scenario[];
  /** 0 to 2^32 - 1. */
  readonly seed: number;
  /** Children that run at the same time, 1 to 256. */
  readonly workers: number;
  /** Multiplies the number of cases of every scenario; 1 is the scenario's own. */
  readonly effort: number;
  /** Distinct crash states that the power scenarios must reach together, instead of their numbers of cases. */
  readonly states?: number;
  /** Persistence models; undefined for those of each scenario. */
  readonly models?: readonly ModelName[];
  /** Directory of saved cases, replayed first; null for none. */
  readonly corpus: string | null;
  /** Where the cases of new failures are written. */
  readonly failuresDirectory: string;
  /** Directory that takes the databases under test; undefined for the best place of this machine. */
  readonly dataParent: string | undefined;
  readonly lifeLimitMs: number;
  /** Real runs that minimising one failure may take. */
  readonly shrinkRunsMax: number;
  /** How it was called, for the record. */
  readonly command: string;
  readonly clock: WallClock;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** An interrupted campaign has not held what it did not play. */
function verdictOf(scenarios: readonly ScenarioRecord[], interrupted: boolean): RunRecord['verdict'] {
  const verdicts = scenarios.map((scenario) => scenario.verdict);
  return worstVerdict(interrupted || scenarios.length === 0 ? [...verdicts, 'unknown'] : verdicts);
}
