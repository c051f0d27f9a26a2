/**
 * What one stretch did to one key, and what a reader of that key could legally see. Keys are looked at one by one
 * and only real-time order is used, so everything ruled out here is ruled out for certain; what is left may still
 * be impossible for reasons that tie keys together, which is for the exact search to say.
 *
 * A write is settled from the place at which it has certainly taken effect: its acknowledgement, or the answer of
 * the first who read its value. A value is superseded for a reader if another write of the key is settled before
 * the reader asks, and was itself invoked after the value was settled.
 */
import type { OperationRecord } from './lives.js';
import { type Reading, readingOf } from './reading.js';
import { type Stretch, effectsOf } from './stretch.js';

/** What an operation leaves in a key. */
export interface KeyWrite {
  readonly by: OperationRecord;
  readonly value: string | null;
  readonly invoke: number;
  /** Infinity if nothing proves that it took effect. */
  settled: number;
}

export class KeyWrites {
  /** The value before the stretch. */
  readonly base: string | null;
  readonly #writes: readonly KeyWrite[];
  readonly #byValue: ReadonlyMap<string, KeyWrite>;
  /** Settled writes by that place, and for each the newest invocation among it and those before it. */
  readonly #settled: readonly KeyWrite[];
  readonly #newest: readonly KeyWrite[];

  /** `writes` are in the order of their invocation. */
  constructor(base: string | null, writes: readonly KeyWrite[]) {
    this.base = base;
    this.#writes = writes;
    this.#byValue = new Map(
      writes.flatMap((write) => (write.value === null ? [] : [[write.value, write] as const])),
    );
    this.#settled = writes
      .filter((write) => write.settled !== Infinity)
      .sort((left, right) => left.settled - right.settled);
    let newest: KeyWrite | undefined;
    this.#newest = this.#settled.map(
      (write) => (newest = newest === undefined || write.invoke > newest.invoke ? write : newest),
    );
  }

  /** The write of this stretch that wrote the value. */
  writerOf(value: string): KeyWrite | undefined {
    return this.#byValue.get(value);
  }

  /** The settled write that was invoked last among those that the reader cannot have missed. */
  newestFor(reading: Reading): KeyWrite | undefined {
    let low = 0;
    let high = this.#settled.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#settled[middle]?.settled ?? Infinity) < reading.invoke) low = middle + 1;
      else high = middle;
    }
    return this.#newest[low - 1];
  }

  isLegal(value: string | null, reading: Reading): boolean {
    const newest = this.newestFor(reading);
    if (newest === undefined && value === this.base) return true;
    const candidate = value === null ? undefined : this.#byValue.get(value);
    if (value !== null) return candidate !== undefined && mayBeSeen(candidate, newest, reading);
    // Deletes are not unique; the one that was seen is nearly always among the last before the reader's end.
    for (let at = this.#writes.length - 1; at >= 0; at--) {
      const write = this.#writes[at];
      if (write?.value === null && mayBeSeen(write, newest, reading)) return true;
    }
    return false;
  }

  /** Every value that could be read: the base first, then in the order of invocation, without repetition. */
  legalFor(reading: Reading): (string | null)[] {
    const newest = this.newestFor(reading);
    const legal = this.#writes
      .filter((write) => mayBeSeen(write, newest, reading))
      .map((write) => write.value);
    return [...new Set(newest === undefined ? [this.base, ...legal] : legal)];
  }

  /** The write invoked first among those that can have left the value; undefined if it can also be the base. */
  oldestSource(value: string | null, reading: Reading): KeyWrite | undefined {
    const newest = this.newestFor(reading);
    if (newest === undefined && value === this.base) return undefined;
    return this.#writes.find((write) => write.value === value && mayBeSeen(write, newest, reading));
  }

  /** Writes that the reader cannot have missed and that came after `value`, newest last. */
  superseding(value: string | null, reading: Reading): readonly KeyWrite[] {
    const after =
      value === null || value === this.base ? -1 : (this.#byValue.get(value)?.settled ?? Infinity);
    return this.#writes.filter((write) => write.settled < reading.invoke && write.invoke > after);
  }

  /** What the key can hold once an operation has taken effect: what it wrote, or a write that may come after it. */
  following(operation: OperationRecord): (string | null)[] {
    const after = this.#writes.filter((write) => write.by === operation || write.settled > operation.invoke);
    return [...new Set(after.map((write) => write.value))];
  }

  /** True if the key can hold `value` once an operation has taken effect. */
  mayFollow(operation: OperationRecord, value: string | null): boolean {
    const writer = value === null ? undefined : this.#byValue.get(value);
    if (value !== null)
      return writer !== undefined && (writer.by === operation || writer.settled > operation.invoke);
    return this.following(operation).includes(null);
  }
}

function mayBeSeen(write: KeyWrite, newest: KeyWrite | undefined, reading: Reading): boolean {
  return write.invoke < reading.end && (newest === undefined || write.settled >= newest.invoke);
}

/** The writes of a stretch by key, for every key that it or its base knows; other keys are absent. */
export function keyWritesOf(stretch: Stretch, readings: readonly Reading[]): ReadonlyMap<string, KeyWrites> {
  const writes = new Map<string, KeyWrite[]>([...(stretch.base ?? [])].map(([key]) => [key, []]));
  for (const by of stretch.operations) {
    if (by.outcome === 'fail') continue;
    for (const [key, value] of effectsOf(by)) {
      const write = { by, value, invoke: by.invoke, settled: by.end };
      const known = writes.get(key);
      if (known === undefined) writes.set(key, [write]);
      else known.push(write);
    }
  }
  settleByReaders(writes, readings);
  return new Map(
    [...writes].map(([key, list]) => [key, new KeyWrites(stretch.base?.get(key) ?? null, list)]),
  );
}

/** What was read within a stretch, in the order of the operations. */
export function readingsWithin(stretch: Stretch): readonly Reading[] {
  return stretch.operations.flatMap((operation) => readingOf(operation) ?? []);
}

function settleByReaders(
  writes: ReadonlyMap<string, readonly KeyWrite[]>,
  readings: readonly Reading[],
): void {
  const writers = new Map<string, Map<string, KeyWrite>>();
  for (const [key, list] of writes) {
    writers.set(key, new Map(list.flatMap((write) => (write.value === null ? [] : [[write.value, write]]))));
  }
  for (const { values, end } of readings) {
    for (const [key, value] of values) {
      const write = writers.get(key)?.get(value);
      // A value read before it was written proves nothing (and is a violation of its own).
      if (write !== undefined && end > write.invoke) write.settled = Math.min(write.settled, end);
    }
  }
}
