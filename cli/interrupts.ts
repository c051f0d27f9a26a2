import { WALL_CLOCK } from '../harness/run/wall-clock.js';

/**
 * Ctrl-C and SIGTERM ask a run to stop: what was found so far is written and every child is ended. A second one
 * does not wait for that, unless it comes at once: timeout(1) and process managers signal a process and its group,
 * and what arrives twice in a moment was meant once.
 */
export function abortOnSignals(onAbort: (signal: string) => void): AbortSignal {
  const controller = new AbortController();
  let firstMs = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) {
        if (WALL_CLOCK.monotonicMs() - firstMs < SAME_REQUEST_MS) return;
        process.exit(signal === 'SIGINT' ? 130 : 143);
      }
      firstMs = WALL_CLOCK.monotonicMs();
      controller.abort();
      onAbort(signal);
    });
  }
  return controller.signal;
}

const SAME_REQUEST_MS = 500;
