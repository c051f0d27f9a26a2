import { setTimeout } from 'node:timers/promises';

/** Time as the client of validation files uses it; handed in like the engine's own clock. */
export interface Waits {
  /** Milliseconds on a clock that never goes back. */
  nowMs(): number;
  /** Resolves after `delayMs`, or at once when `signal` is aborted; never rejects. Keeps the process alive. */
  wait(delayMs: number, signal: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const SYSTEM_WAITS: Waits = {
  nowMs: () => Number(process.hrtime.bigint() / 1_000_000n),
  async wait(delayMs, signal) {
    // The only reason for a rejection is the signal.
    await setTimeout(delayMs, undefined, { signal }).catch(() => undefined);
  },
};
