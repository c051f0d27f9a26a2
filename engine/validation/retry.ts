import type { Answer } from './answers.js';
import type { Attempt } from './http-requests.js';
import type { Waits } from './waits.js';

/**
 * Asks again until there is an answer: after 5 ms, then twice as long each time, up to 250 ms, so that a server that
 * is back is soon asked and one that is away is not flooded. All attempts of a line together have one time limit;
 * the attempt that is under way when it passes is aborted. A write may so take effect more than once, which for puts
 * and deletes is the same as once.
 */
export interface RetryPolicy {
  readonly waits: Waits;
  /** For all attempts of one line. */
  readonly limitMs: number;
  /** Told of each attempt that follows another. */
  readonly onRetry: () => void;
}

/** The server was not there until the limit passed, or `signal` was aborted; `why` is what the last attempt met. */
export interface Away {
  readonly kind: 'away';
  readonly why: string;
}

/** The first answer that an attempt gets; `attempt` must not reject. */
export async function askUntilAnswered(
  attempt: (signal: AbortSignal) => Promise<Attempt>,
  { waits, limitMs, onRetry }: RetryPolicy,
  signal: AbortSignal,
): Promise<Answer | Away> {
  const ended = new AbortController();
  const end = () => ended.abort();
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  const limit = new AbortController();
  void waits.wait(limitMs, limit.signal).then(end);
  let why: string | undefined;
  try {
    for (let delayMs = DELAY_MIN_MS; ; delayMs = Math.min(2 * delayMs, DELAY_MAX_MS)) {
      const answer = await attempt(ended.signal);
      if (answer.kind !== 'away') return answer;
      if (!ended.signal.aborted) {
        why = answer.why;
        await waits.wait(delayMs, ended.signal);
      }
      if (ended.signal.aborted) return { kind: 'away', why: why ?? 'it did not answer' };
      onRetry();
    }
  } finally {
    limit.abort();
    signal.removeEventListener('abort', end);
  }
}

const DELAY_MIN_MS = 5;
const DELAY_MAX_MS = 250;
