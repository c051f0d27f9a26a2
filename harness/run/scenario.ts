import type { StepLabel } from '../../engine/index.js';
import type { PowerScenario } from './power-scenario.js';
import type { Workload } from '../workload/workload.js';

/**
 * A scenario as data: what is promised, what is done to the engine, and how often. Declared in scenarios/, played
 * by the campaign.
 */
export type Scenario = CrashScenario | ValidationScenario | PowerScenario;

export type { PowerScenario };

export interface CrashScenario {
  readonly kind: 'crash';
  /** Lower case and hyphens; how it is called on the command line. */
  readonly name: string;
  /** The promise in words: "An acknowledged write survives ...". */
  readonly title: string;
  readonly workload: Workload;
  readonly kills: Kills;
  /** Random cases, beside the enumerated ones. */
  readonly cases: number;
}

export type Kills =
  /** The child kills itself at these steps. */
  | {
      readonly kind: 'steps';
      readonly labels: readonly StepLabel[];
      /**
       * Also kill at every one of these steps once, at each moment and at its first, a middle and its last
       * occurrence, in one fixed workload. `after` is how the life before ended; null for a new database.
       */
      readonly enumerate: { readonly after: string | null } | null;
    }
  /** The parent kills after a random time up to this. Not replayable: the history is what is kept. */
  | { readonly kind: 'timed'; readonly afterMsMax: number };

/** A validation file played while the engine is killed at random steps; every answer must be the file's. */
export interface ValidationScenario {
  readonly kind: 'validation';
  readonly name: string;
  readonly title: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Relative to the package root. */
  readonly file: string;
  readonly labels: readonly StepLabel[];
  readonly kills: number;
}
