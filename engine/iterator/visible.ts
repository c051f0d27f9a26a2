import { compareKeys, type Direction, type Entry, type EntryIterator } from '../entry.js';

/**
 * What a reader at one sequence number sees of a stream of versions (snapshot isolation by sequence number, as in
 * LevelDB): of each key the newest version that is not younger than the reader. A tombstone hides its key.
 *
 * Forward, the first version of a key that is old enough decides. In reverse the oldest comes first, so the last one
 * that is old enough does, and that is known only when another key has come: it reads one entry ahead.
 */

/**
 * The visible values in key order, or, in reverse, in the opposite order; no tombstones. `entries` must run in
 * `direction`; `sequence` is inclusive.
 */
export function visibleEntries(
  entries: EntryIterator,
  sequence: number,
  direction: Direction = 'forward',
): EntryIterator {
  return direction === 'forward'
    ? new VisibleForward(entries, sequence)
    : new VisibleReverse(entries, sequence);
}

class VisibleForward implements EntryIterator {
  readonly #entries: EntryIterator;
  readonly #sequence: number;
  #decidedKey: Uint8Array | undefined;

  constructor(entries: EntryIterator, sequence: number) {
    this.#entries = entries;
    this.#sequence = sequence;
  }

  next(): Entry | undefined {
    for (;;) {
      const entry = this.#entries.next();
      if (entry === undefined) return undefined;
      if (entry.sequence > this.#sequence) continue;
      if (this.#decidedKey !== undefined && compareKeys(this.#decidedKey, entry.key) === 0) continue;
      this.#decidedKey = entry.key;
      if (entry.kind === 'value') return entry;
    }
  }
}

class VisibleReverse implements EntryIterator {
  readonly #entries: EntryIterator;
  readonly #sequence: number;
  /** The newest version up to now of the key that is being decided, old enough for the reader. */
  #candidate: Entry | undefined;

  constructor(entries: EntryIterator, sequence: number) {
    this.#entries = entries;
    this.#sequence = sequence;
  }

  next(): Entry | undefined {
    for (;;) {
      const entry = this.#entries.next();
      if (entry !== undefined && entry.sequence > this.#sequence) continue;
      const decided = this.#candidate;
      this.#candidate = entry;
      if (decided === undefined && entry === undefined) return undefined;
      if (decided?.kind !== 'value') continue;
      if (entry === undefined || compareKeys(decided.key, entry.key) !== 0) return decided;
    }
  }
}
