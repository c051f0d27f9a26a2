import type { CampaignPlan } from './campaign.js';
import { loadCorpus } from './corpus.js';
import { recordFailure } from './failure.js';
import type { FailureRecord } from './record.js';
import { type CasePlace, runCase } from './run-case.js';
import type { ScenarioResult } from './run-scenario.js';
import { Tally } from './tally.js';

/** Replays every saved case. A case is in the corpus because it failed once; the engine must hold it now. */
export async function runCorpus(plan: CampaignPlan, place: CasePlace): Promise<ScenarioResult> {
  const startMs = plan.clock.monotonicMs();
  const entries = plan.corpus === null ? [] : loadCorpus(plan.corpus);
  const tally = new Tally();
  const failures: FailureRecord[] = [];
  const doubts: string[] = [];
  for (const [index, { path, file }] of entries.entries()) {
    if (plan.signal.aborted) break;
    const outcome = await runCase(file.case, place);
    tally.add(file.case, outcome);
    const { judgement } = outcome;
    if (judgement.verdict === 'unknown') doubts.push(...judgement.doubts.map((doubt) => `${path}: ${doubt}`));
    if (judgement.verdict === 'violated') {
      failures.push(
        await recordFailure({ case: file.case, smallest: file.case, outcome, shrinkRuns: 0 }, plan, place),
      );
    }
    plan.onProgress({
      scenario: 'corpus',
      done: 0,
      of: plan.scenarios.length,
      kills: tally.killCounts().exact,
      cases: index + 1,
      jobsDone: index + 1,
      jobs: entries.length,
      failures: failures.length,
      stage: 'corpus',
    });
  }
  return {
    record: {
      name: 'corpus',
      title: 'Every case that failed once holds now',
      verdict: failures.length > 0 ? 'violated' : doubts.length > 0 ? 'unknown' : 'held',
      doubts,
      ...tally.counts(),
      durationMs: Math.round(plan.clock.monotonicMs() - startMs),
    },
    failures,
    tally,
  };
}
