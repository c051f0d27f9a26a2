import type { Operation } from './operation.js';

/**
 * A case is everything that a run depends on, as plain JSON: the engine's options, its seed, and a sequence of
 * lives. Each life opens the directory that the life before left, observes it, plays operations and ends. The same
 * case gives the same bytes again as long as no life ends by a timed kill.
 */
export interface CrashCase {
  readonly format: 1;
  readonly scenario: string;
  readonly target: string;
  /** Options of the target, passed through as they are. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Seed of the engine's own randomness, 0 to 2^32 - 1. */
  readonly seed: number;
  readonly lives: readonly Life[];
}

export interface Life {
  readonly operations: readonly ScheduledOperation[];
  /**
   * Which of the completions that wait goes on, one number (modulo their count) for each turn that is taken while an
   * operation or the end of the life is waited for; the oldest one where there is no number.
   */
  readonly completions?: readonly number[];
  /**
   * I/O errors that strike in this life, as text: `io-error EIO at wal/fsync #2` (faults/sync-fault.ts). A case that has
   * any, or that ends a life by a power loss, is played in memory.
   */
  readonly faults?: readonly string[];
  /**
   * How it ends, as the text of an `Ending` (faults/ending.ts): `kill after manifest/rename #2`, `kill at 12ms`,
   * `kill idle`, `power ext4 after wal/append #3 lose wal/append#3` or `close`. A kill that is planned for a step of recovery strikes while the life opens.
   */
  readonly end: string;
}

export interface ScheduledOperation {
  readonly operation: Operation;
  /** Starts while earlier operations are still in flight; otherwise it waits for all of them. */
  readonly overlap?: boolean;
  /**
   * Background completions let through before this operation starts: each number picks one of those waiting
   * (modulo their count). This, and nothing else, decides how flush and compaction interleave with requests.
   */
  readonly turns?: readonly number[];
}

/** Names an operation of a case: its life and its index there. */
export interface OperationName {
  readonly life: number;
  readonly index: number;
}
