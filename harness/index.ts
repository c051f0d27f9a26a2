/** The harness's door: what scenarios, reports and users of the library build on. */
export { STEP_LABELS, type StepLabel, tableLabels } from '../engine/index.js';
export { HarnessError, type HarnessErrorCode } from './errors.js';
export type { HistoryEvent, Observation } from './history/event.js';
export { judge } from './checker/judge.js';
export type { Judgement, Verdict, Violation, ViolationKind } from './checker/verdict.js';
export { runCampaign, type CampaignPlan } from './run/campaign.js';
export type { CrashScenario, Kills, PowerScenario, Scenario, ValidationScenario } from './run/scenario.js';
export type { RunRecord } from './run/record.js';
export { MODEL_NAMES as ALL_MODELS } from './disk/model.js';
export { lsmTarget, type Target } from './targets/target.js';
export type { CrashCase, Life, ScheduledOperation } from './workload/case.js';
export type { Operation, Result, Write } from './workload/operation.js';
export { TINY_OPTIONS, type Workload } from './workload/workload.js';
