import { HarnessError } from '../errors.js';
import type { CampaignPlan } from './campaign.js';
import type { FailureRecord, ScenarioRecord } from './record.js';
import type { CasePlace } from './run-case.js';
import { runPowerScenario } from './run-power-scenario.js';
import { runCrashScenario } from './run-crash-scenario.js';
import { runValidationScenario } from './run-validation-scenario.js';
import type { Scenario } from './scenario.js';
import { Tally } from './tally.js';

/**
 * Plays one scenario. What breaks the harness on the way (a full disk, say) says nothing about the engine: the
 * scenario is 'unknown' then, with the reason, and what the campaign has found so far is kept.
 */
export async function runScenario(
  scenario: Scenario,
  plan: CampaignPlan,
  place: CasePlace,
): Promise<ScenarioResult> {
  const startMs = plan.clock.monotonicMs();
  try {
    switch (scenario.kind) {
      case 'crash':
        return await runCrashScenario(scenario, plan, place);
      case 'validation':
        return await runValidationScenario(scenario, plan, place);
      case 'power':
        return await runPowerScenario(scenario, plan, place);
    }
  } catch (error) {
    // A target that is no target: the user must mend that, and no scenario will do better.
    if (error instanceof HarnessError) throw error;
    const tally = new Tally();
    const { name, title } = scenario;
    const doubts = [
      `The harness could not go on: ${error instanceof Error ? error.message : String(error)}.`,
    ];
    const durationMs = Math.round(plan.clock.monotonicMs() - startMs);
    const record = { name, title, verdict: 'unknown', doubts, ...tally.counts(), durationMs } as const;
    return { record, failures: [], tally };
  }
}

export interface ScenarioResult {
  readonly record: ScenarioRecord;
  readonly failures: readonly FailureRecord[];
  readonly tally: Tally;
}
