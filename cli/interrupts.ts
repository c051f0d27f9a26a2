/**
 * Ctrl-C and SIGTERM ask a run to stop: what was found so far is written and every child is ended. A second one
 * does not wait for that.
 */
export function abortOnSignals(onAbort: (signal: string) => void): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(signal === 'SIGINT' ? 130 : 143);
      controller.abort();
      onAbort(signal);
    });
  }
  return controller.signal;
}
