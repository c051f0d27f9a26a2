import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';

/**
 * The `test` function that the suite of abstract-level wants, which is tape's, on top of vitest: every test of tape
 * becomes one of vitest, in the same order. It has what the suite uses of tape, so a release that uses more fails
 * loudly.
 *
 * As in tape an assertion does not throw, since code under test might catch it: failures are gathered, and the test
 * fails at its end, which is
 *
 * - when its promise is settled, if it gives one; a plan must be met exactly by then;
 * - or else when its plan is met, or `end` is called; a test that does neither runs into its time limit.
 *
 * An assertion after the end of its test cannot be laid at that test's door any more; whoever registers the tests looks
 * at `late` after them.
 */
export class TapeAdapter {
  /** Tests that were registered. */
  count = 0;
  /** Tests that came to their end, and the assertions in them. */
  ended = 0;
  assertions = 0;
  /** What came after the end of its test, each as `test: what`. */
  readonly late: string[] = [];

  readonly test = (name: string, run: (assertions: TapeTest) => unknown): void => {
    this.count++;
    test(name, { timeout: TEST_LIMIT_MS }, async () => {
      const assertions = new TapeTest((what) => this.late.push(`${name}: ${what}`));
      const failures = await assertions.outcomeOf(run);
      this.ended++;
      this.assertions += assertions.count;
      expect(failures, `${name}: ${failures.length} failures`).toEqual([]);
    });
  };
}

/** Only a test that never ends comes to it. */
const TEST_LIMIT_MS = 60_000;

/** One test, and the assertions in it; `late` is told of what comes after its end. */
export class TapeTest {
  readonly #failures: string[] = [];
  readonly #late: (what: string) => void;
  #count = 0;
  #planned: number | undefined;
  #ended = false;
  #finish: () => void = () => undefined;

  constructor(late: (what: string) => void) {
    this.#late = late;
  }

  /** Assertions so far. */
  get count(): number {
    return this.#count;
  }

  /** What has failed, once the test has come to its end. */
  async outcomeOf(run: (assertions: TapeTest) => unknown): Promise<readonly string[]> {
    const finished = new Promise<void>((resolve) => (this.#finish = resolve));
    try {
      const result = run(this);
      await (result instanceof Promise ? result : finished);
    } catch (error) {
      this.#failures.push(`threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    this.#ended = true;
    if (this.#planned !== undefined && this.#planned !== this.#count) {
      this.#failures.push(`planned ${this.#planned} assertions, made ${this.#count}`);
    }
    return this.#failures;
  }

  plan(count: number): void {
    this.#planned = count;
  }

  end(): void {
    if (this.#ended) this.#late('end was called again');
    this.#ended = true;
    this.#finish();
  }

  ok(value: unknown, message?: string): void {
    this.#assert(Boolean(value), message, () => `expected a true value, got ${shown(value)}`);
  }

  is(actual: unknown, expected: unknown, message?: string): void {
    this.#assert(
      Object.is(actual, expected),
      message,
      () => `expected ${shown(expected)}, got ${shown(actual)}`,
    );
  }

  isNot(actual: unknown, unexpected: unknown, message?: string): void {
    this.#assert(!Object.is(actual, unexpected), message, () => `expected anything but ${shown(actual)}`);
  }

  same(actual: unknown, expected: unknown, message?: string): void {
    this.#assert(
      isDeepStrictEqual(actual, expected),
      message,
      () => `expected ${shown(expected)}, got ${shown(actual)}`,
    );
  }

  pass(message?: string): void {
    this.#assert(true, message, () => '');
  }

  fail(reason?: unknown): void {
    this.#assert(false, undefined, () => (reason instanceof Error ? (reason.stack ?? '') : String(reason)));
  }

  throws(run: () => unknown, expected?: (error: unknown) => boolean, message?: string): void {
    let caught: { readonly error: unknown } | undefined;
    try {
      run();
    } catch (error) {
      caught = { error };
    }
    const asExpected = caught !== undefined && (expected?.(caught.error) ?? true);
    this.#assert(asExpected, message, () => `expected another error, got ${shown(caught?.error)}`);
  }

  doesNotThrow(run: () => unknown, message?: string): void {
    try {
      run();
      this.#assert(true, message, () => '');
    } catch (error) {
      this.#assert(false, message, () => `expected no error, got ${shown(error)}`);
    }
  }

  #assert(holds: boolean, message: string | undefined, problem: () => string): void {
    this.#count++;
    const what = `assertion ${this.#count}${message === undefined ? '' : ` (${message})`}: ${problem()}`;
    if (this.#ended) this.#late(what);
    if (!holds) this.#failures.push(what);
    if (this.#planned === this.#count) this.#finish();
  }
}

function shown(value: unknown): string {
  return value instanceof Error ? String(value) : (JSON.stringify(value) ?? String(value));
}
