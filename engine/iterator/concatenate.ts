import type { Entry, EntryIterator } from '../entry.js';

/**
 * Sorted parts that do not overlap, one after another: a whole level below L0 is one sorted run, and so costs a merge
 * one source instead of one for each of its tables. A part is opened only when it is reached, so a reader who leaves
 * early has touched no more tables than it has read.
 */

/** The entries of all `parts`, which the caller gives in the order of the direction in which `open` reads them. */
export function concatenateEntries<Part>(
  parts: readonly Part[],
  open: (part: Part) => EntryIterator,
): EntryIterator {
  return new Concatenation(parts, open);
}

class Concatenation<Part> implements EntryIterator {
  readonly #parts: readonly Part[];
  readonly #open: (part: Part) => EntryIterator;
  #opened = 0;
  #current: EntryIterator = NOTHING;

  constructor(parts: readonly Part[], open: (part: Part) => EntryIterator) {
    this.#parts = parts;
    this.#open = open;
  }

  next(): Entry | undefined {
    for (;;) {
      const entry = this.#current.next();
      if (entry !== undefined) return entry;
      if (this.#opened === this.#parts.length) return undefined;
      this.#current = this.#open(this.#parts[this.#opened++] as Part);
    }
  }
}

const NOTHING: EntryIterator = { next: () => undefined };
