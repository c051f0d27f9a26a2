import type { CampaignPlan } from './campaign.js';
import { recordFailure } from './failure.js';
import type { RunProgress } from './progress.js';
import type { CasePlace } from './run-case.js';
import type { ScenarioResult } from './run-scenario.js';
import { runValidation } from './run-validation.js';
import type { ValidationScenario } from './scenario.js';
import { Tally } from './tally.js';

/** Plays a validation scenario and puts what it showed into the form that every scenario has. */
export async function runValidationScenario(
  scenario: ValidationScenario,
  plan: CampaignPlan,
  place: CasePlace,
): Promise<ScenarioResult> {
  const startMs = plan.clock.monotonicMs();
  const tally = new Tally();
  const kills = Math.max(1, Math.round(scenario.kills * plan.effort));
  let afterKill = false;
  const progress = (): RunProgress => {
    const { exact, idle } = tally.killCounts();
    return {
      scenario: scenario.name,
      done: plan.scenarios.indexOf(scenario),
      of: plan.scenarios.length,
      kills: exact + idle,
      cases: 1,
      jobsDone: exact + idle,
      jobs: kills,
      failures: 0,
      stage: 'playing',
    };
  };
  const played = await runValidation(
    { ...scenario, kills },
    plan.target.name,
    plan.seed,
    place,
    () => plan.signal.aborted,
    (end, outcome) => {
      tally.addLife(end, outcome, afterKill);
      afterKill = outcome.death !== undefined;
      plan.onProgress(progress());
    },
  );
  tally.addCase();
  const violated = played.violations.length > 0;
  const judgement = { verdict: 'violated', violations: played.violations, doubts: [] } as const;
  const outcome = { history: played.history, lives: [], directories: [], judgement };
  const found = { case: played.crashCase, smallest: played.crashCase, outcome, shrinkRuns: 0 };
  if (violated) plan.onProgress({ ...progress(), failures: 1, stage: 'minimising' });
  const doubts = played.finished || violated ? [] : ['The file was not played to its end.'];
  return {
    record: {
      name: scenario.name,
      title: scenario.title,
      verdict: violated ? 'violated' : doubts.length > 0 ? 'unknown' : 'held',
      doubts,
      ...tally.counts(),
      durationMs: Math.round(plan.clock.monotonicMs() - startMs),
    },
    failures: violated ? [await recordFailure(found, plan, place)] : [],
    tally,
  };
}
