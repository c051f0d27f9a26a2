import type { FileObservation, Observation, OperationError } from '../history/event.js';
import type { Operation, Result } from '../workload/operation.js';

/**
 * What parent and child say to each other: one JSON object a line, requests on the child's stdin, answers on its
 * stdout, logs on its stderr. The parent may send a whole life ahead. Bytes travel as byte text (operation.ts).
 */
export type Request =
  | OpenRequest
  | {
      readonly kind: 'operation';
      readonly index: number;
      readonly operation: Operation;
      /** Starts while earlier ones are in flight. */
      readonly overlap: boolean;
      /** Background completions to let through first (exact mode only). */
      readonly turns: readonly number[];
    }
  | { readonly kind: 'observe'; readonly keys: readonly string[] }
  /** Finish everything in flight and all background work; then close the engine, or wait to be killed. */
  | { readonly kind: 'end'; readonly close: boolean };

export interface OpenRequest {
  readonly kind: 'open';
  readonly directory: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /**
   * 'exact': the child decides the order of everything, so the same requests give the same steps. 'real-time':
   * syncs run on the thread pool and requests start when they arrive, as in production.
   */
  readonly mode: 'exact' | 'real-time';
  /** As in a case (exact mode only). */
  readonly completions: readonly number[];
  /** The text of an ending; the child acts on those that strike at a step. */
  readonly end: string;
  /** A file that does not exist yet and takes the trace of this life, whose number stands in its marks. */
  readonly trace?: { readonly path: string; readonly life: number };
}

export type Answer =
  /** The process is up and waits for `open`. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'open-failed'; readonly error: OperationError }
  | { readonly kind: 'create'; readonly path: string }
  | ({ readonly kind: 'observed'; readonly sizes: readonly FileSize[] } & Observation)
  | { readonly kind: 'invoke'; readonly index: number }
  | { readonly kind: 'ok'; readonly index: number; readonly result: Result }
  | { readonly kind: 'fail' | 'info'; readonly index: number; readonly error: OperationError }
  /** Something was awaited that nothing left in the process can bring about. */
  | {
      readonly kind: 'hang';
      readonly waiting: readonly number[];
      readonly while: 'open' | 'operations' | 'close';
    }
  /** The last words before the child kills itself: the planned step has come. */
  | { readonly kind: 'killing'; readonly steps: StepCounts }
  /** Everything is answered and no background work is left. */
  | { readonly kind: 'settled'; readonly files: FileObservation; readonly error?: OperationError }
  /** The engine is open and idle, and waits to be killed. */
  | { readonly kind: 'drained'; readonly steps: StepCounts }
  | { readonly kind: 'closed'; readonly steps: StepCounts };

export interface FileSize {
  /** Relative to the database directory. */
  readonly path: string;
  readonly bytes: number;
}

/** How often each step label was executed in this life. */
export type StepCounts = Readonly<Record<string, number>>;
