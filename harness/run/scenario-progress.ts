import type { CampaignPlan } from './campaign.js';
import type { RunProgress } from './progress.js';
import type { CaseOutcome } from './run-case.js';
import type { Scenario } from './scenario.js';

/** Counts what a scenario has done so far, for showing only: it depends on which lane is faster. */
export class ScenarioProgress {
  private readonly scenario: Scenario;
  private readonly plan: CampaignPlan;
  private jobs = 0;
  private jobsDone = 0;
  private cases = 0;
  private kills = 0;
  private failures = 0;
  private states = 0;

  constructor(scenario: Scenario, plan: CampaignPlan) {
    this.scenario = scenario;
    this.plan = plan;
  }

  addJobs(count: number): void {
    this.jobs += count;
  }

  count(outcome: CaseOutcome): void {
    this.cases++;
    this.kills += outcome.lives.filter((life) => life.death !== undefined).length;
    if (outcome.judgement.verdict !== 'violated') return;
    this.failures = 1;
    this.show('shrinking');
  }

  countStates(states: number): void {
    this.states += states;
  }

  fail(): void {
    this.failures = 1;
    this.show('shrinking');
  }

  finishJob(stage: RunProgress['stage']): void {
    this.jobsDone++;
    this.show(stage);
  }

  show(stage: RunProgress['stage']): void {
    const { scenario, plan, jobs, jobsDone, cases, kills, failures, states } = this;
    const done = plan.scenarios.indexOf(scenario);
    plan.onProgress({
      scenario: scenario.name,
      done,
      of: plan.scenarios.length,
      kills,
      cases,
      jobsDone,
      jobs,
      failures,
      ...(states > 0 ? { states } : {}),
      stage,
    });
  }
}
