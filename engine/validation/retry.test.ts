import { expect, test } from 'vitest';
import type { Attempt } from './http-requests.js';
import { askUntilAnswered } from './retry.js';
import type { Waits } from './waits.js';

/** A clock that goes forward when somebody waits, and passes the limit when the waits add up to it. */
class Clock implements Waits {
  readonly waited: number[] = [];
  #now = 0;
  #limits: { readonly atMs: number; readonly pass: () => void }[] = [];

  nowMs(): number {
    return this.#now;
  }

  async wait(delayMs: number, signal: AbortSignal): Promise<void> {
    // The limit itself is waited for beside the others.
    if (delayMs === LIMIT_MS) {
      return await new Promise((resolve) => {
        this.#limits.push({ atMs: this.#now + delayMs, pass: resolve });
        signal.addEventListener('abort', () => resolve());
      });
    }
    this.waited.push(delayMs);
    this.#now += delayMs;
    for (const { atMs, pass } of this.#limits) if (atMs <= this.#now) pass();
    await Promise.resolve();
  }
}

const LIMIT_MS = 1_001;
const AWAY: Attempt = { kind: 'away', why: 'refused' };
const DONE: Attempt = { kind: 'done' };

function play(attempts: readonly Attempt[], signal = new AbortController().signal) {
  const waits = new Clock();
  let next = 0;
  let retries = 0;
  const attempt = async () => attempts[Math.min(next++, attempts.length - 1)] ?? AWAY;
  const answer = askUntilAnswered(
    attempt,
    { waits, limitMs: LIMIT_MS, onRetry: () => (retries += 1) },
    signal,
  );
  return { answer, waits, retries: () => retries, attempts: () => next };
}

test('an answer is given at once', async () => {
  const { answer, waits, retries } = play([DONE]);
  expect(await answer).toEqual(DONE);
  expect(waits.waited).toEqual([]);
  expect(retries()).toBe(0);
});

test('a wrong answer is not asked for again', async () => {
  const refused: Attempt = { kind: 'refused', what: 'status 500' };
  expect(await play([refused, DONE]).answer).toEqual(refused);
});

test('while the server is away it is asked again, less and less often', async () => {
  const { answer, waits, retries } = play([...Array.from({ length: 8 }, () => AWAY), DONE]);
  expect(await answer).toEqual(DONE);
  expect(waits.waited).toEqual([5, 10, 20, 40, 80, 160, 250, 250]);
  expect(retries()).toBe(8);
});

test('after the time limit it is away, with the last reason', async () => {
  const { answer, waits, retries, attempts } = play([AWAY]);
  expect(await answer).toEqual(AWAY);
  expect(waits.nowMs()).toBeGreaterThanOrEqual(LIMIT_MS);
  expect(waits.nowMs()).toBeLessThan(LIMIT_MS + 250);
  expect(retries()).toBe(attempts() - 1);
});

test('a signal ends it, also one that was aborted before', async () => {
  expect(await play([AWAY], AbortSignal.abort()).answer).toEqual({ kind: 'away', why: 'it did not answer' });
});
