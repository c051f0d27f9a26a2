import type { OperationName } from '../workload/case.js';
import type { Operation, Pair, Result } from '../workload/operation.js';

/**
 * The history: what was asked and what was seen, in the order in which the driver learnt of it, one JSON object a
 * line when saved. An operation that is invoked and neither `ok` nor `fail` before its life ends is `info`: it may
 * have happened or not. Nothing in it depends on the wall clock.
 */
export type HistoryEvent =
  /** The engine recovered (or created) its directory and takes requests. */
  | { readonly kind: 'open'; readonly life: number }
  /** Recovery gave up with an error, or did not answer within its limit. */
  | { readonly kind: 'open-failed'; readonly life: number; readonly error: OperationError }
  /** What is there right after recovery, read in several ways before any new operation. */
  | ({ readonly kind: 'observe'; readonly life: number } & Observation)
  /** Everything is answered and no background work is left: the files then. Whatever nothing names has leaked. */
  | {
      readonly kind: 'settled';
      readonly life: number;
      readonly files: FileObservation;
      /** Background work had failed, so the engine was read-only and may have left anything behind. */
      readonly error?: OperationError;
    }
  | { readonly kind: 'invoke'; readonly life: number; readonly index: number; readonly operation: Operation }
  | { readonly kind: 'ok'; readonly life: number; readonly index: number; readonly result: Result }
  /** A definite no: the operation has no effect, now or after recovery. */
  | { readonly kind: 'fail'; readonly life: number; readonly index: number; readonly error: OperationError }
  /** The outcome is open. Without an error: it was in flight when its life ended. */
  | { readonly kind: 'info'; readonly life: number; readonly index: number; readonly error?: OperationError }
  /** The engine made a file of this name; file numbers must never be used twice. */
  | { readonly kind: 'create'; readonly life: number; readonly path: string }
  /** An answer did not come though nothing was left that it could wait for, or the time limit passed. */
  | {
      readonly kind: 'hang';
      readonly life: number;
      readonly waiting: readonly number[];
      readonly while: 'open' | 'operations' | 'close';
    }
  | {
      readonly kind: 'crash';
      readonly life: number;
      readonly death: Death;
      readonly planned: string;
      readonly fired: boolean;
      /** After a power loss: the paths of the files that it left on the disk, sorted. */
      readonly left?: readonly string[];
    }
  /** An injected I/O error struck: errors that follow it in its life may come from it. Such as `io-error EIO at wal/fsync #2`. */
  | { readonly kind: 'fault'; readonly life: number; readonly fault: string }
  | { readonly kind: 'close'; readonly life: number };

export interface Observation {
  /** Every key of the case, read by get; null where nothing was found. In the order of the keys' bytes. */
  readonly gets: readonly (readonly [key: string, value: string | null])[];
  /** The whole database by scan, as it came. */
  readonly scan: readonly Pair[];
  /** Reads that failed, and with what. */
  readonly errors: readonly string[];
  readonly files: FileObservation;
}

/** The directory as it is and as the engine believes it to be, at the same instant. Paths are sorted. */
export interface FileObservation {
  readonly onDisk: readonly string[];
  /** Named by the current catalog: MANIFEST, WALs, tables and filters; plus LOCK. */
  readonly live: readonly string[];
  /** Being written by a flush, a compaction or a publish that has not finished. */
  readonly pending: readonly string[];
  /** No longer named, waiting for a reader to let go or for the deletion to run. */
  readonly obsolete: readonly string[];
}

export interface OperationError {
  /** The engine's error code, or the name of the error class. */
  readonly code: string;
  readonly message: string;
}

/**
 * How a life ended. `foreign` is set when nobody here sent the signal. A simulator plays the death of a process in
 * memory; what the process had handed to the operating system stays, as after any kill.
 */
export type Death =
  | { readonly kind: 'killed'; readonly by: 'itself' | 'parent' | 'simulator' }
  /** `model` names what was forced to the disk by then: posix, ext4, ext4-writeback, xfs or btrfs. */
  | { readonly kind: 'power'; readonly model: string }
  | { readonly kind: 'signal'; readonly signal: string; readonly foreign: true }
  | { readonly kind: 'exit'; readonly code: number; readonly stderr: string };

export type { OperationName };
