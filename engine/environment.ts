import { EngineError } from './errors.js';
import type { Vfs } from './vfs/vfs.js';

/**
 * What the engine takes from the world: a disk, a clock, randomness, and a place to let others run. With the same
 * environment and the same calls it does the same I/O in the same order, which is what lets a harness stop it at
 * the n-th step.
 */
export interface Environment {
  readonly vfs: Vfs;
  readonly clock: Clock;
  /** 32 random bits; used for the seeds of Bloom filters, nothing that correctness depends on. */
  readonly randomUint32: () => number;
  /**
   * Lets requests run between two slices of background work. Slices instead of a worker thread, because all I/O must stay
   * in one order that a harness can stop at the n-th step, and because they are enough: bench/engine-latency.ts compacts
   * 1,000,000 entries while gets come, whose 99th percentile must stay below 10 ms.
   */
  readonly pause: () => Promise<void>;
}

export interface Clock {
  /** Milliseconds on a clock that never goes back. */
  nowMs(): number;
  /** Calls `run` once after `delayMs`, without keeping the process alive; the result cancels it. */
  after(delayMs: number, run: () => void): () => void;
}

/** Throws ENGINE_INVALID_ARGUMENT if something is not an environment: a path, for example. */
export function checkEnvironment(environment: unknown): void {
  const parts = Object(environment) as Partial<Record<keyof Environment, unknown>>;
  const kinds = [typeof parts.vfs, typeof parts.clock, typeof parts.randomUint32, typeof parts.pause];
  if (kinds.join() === 'object,object,function,function') return;
  throw new EngineError(
    'ENGINE_INVALID_ARGUMENT',
    `Expected an environment, as nodeEnvironment(directory) gives one, got ${typeof environment}; nothing was touched.`,
  );
}
