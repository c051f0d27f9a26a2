import type { StepLabel } from '../../engine/index.js';
import type { ModelName } from '../disk/model.js';
import type { ScheduledOperation } from '../workload/case.js';
import type { Workload } from '../workload/workload.js';

/**
 * A scenario whose machine loses its power: lives are recorded in memory, and at every step of the last one every disk
 * that each persistence model allows (or a sample of them) is recovered and checked.
 */
export interface PowerScenario {
  readonly kind: 'power';
  /** Lower case and hyphens; how it is called on the command line. */
  readonly name: string;
  /** The promise in words. */
  readonly title: string;
  readonly workload: Workload;
  /** Steps at which the power fails; undefined for all. Moments at depth 2 and beyond are not restricted. */
  readonly labels?: readonly StepLabel[];
  /** How the lives before the explored one end, as in a kill scenario: the process dies at one of these steps. */
  readonly before?: readonly StepLabel[];
  /** Syncs that fail, one in each case; undefined for none. */
  readonly failedSyncs?: readonly StepLabel[];
  /** 'case': completions in the order that a case's numbers decide. 'scheduler': fast-check's scheduler decides. */
  readonly order?: 'case' | 'scheduler';
  /**
   * One case with these operations instead of random ones, in which every state is tried at every step. They must be few
   * enough, and sync often enough, that this is possible; where it was not the verdict is 'unknown'.
   */
  readonly operations?: readonly ScheduledOperation[];
  readonly models: readonly ModelName[];
  /** Random cases; 1 where the operations are given. */
  readonly cases: number;
}
