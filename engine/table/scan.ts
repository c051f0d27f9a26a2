import { compareKeys, type Entry, type EntryIterator } from '../entry.js';
import type { BlockReader } from './block-reader.js';
import { searchIndex, type IndexEntry } from './index-block.js';

/**
 * Walks over the entries of one table, in either direction and between bounds. A block is read when it is reached,
 * and none that the index shows to lie outside of the bounds.
 */
export class ForwardScan implements EntryIterator {
  readonly #index: readonly IndexEntry[];
  readonly #read: (position: number) => BlockReader;
  readonly #from: Uint8Array | undefined;
  readonly #before: Uint8Array | undefined;
  #position: number;
  #entries: EntryIterator | undefined;
  #ended = false;

  /** `read` gives the block at a position of `index`; the bounds are those of `EntrySource.entries`. */
  constructor(
    index: readonly IndexEntry[],
    read: (position: number) => BlockReader,
    from: Uint8Array | undefined,
    before: Uint8Array | undefined,
  ) {
    this.#index = index;
    this.#read = read;
    this.#from = from;
    this.#before = before;
    this.#position = from === undefined ? 0 : searchIndex(index, from, Number.MAX_SAFE_INTEGER);
  }

  next(): Entry | undefined {
    while (!this.#ended) {
      this.#entries ??= this.#openNext();
      const entry = this.#entries?.next();
      if (entry === undefined) this.#entries = undefined;
      else if (this.#before === undefined || compareKeys(entry.key, this.#before) < 0) return entry;
      else this.#ended = true;
    }
    return undefined;
  }

  #openNext(): EntryIterator | undefined {
    const place = this.#index[this.#position];
    if (
      place === undefined ||
      (this.#before !== undefined && compareKeys(place.firstKey, this.#before) >= 0)
    ) {
      this.#ended = true;
      return undefined;
    }
    const block = this.#read(this.#position++);
    // Only the first block can begin in front of the bound.
    return this.#from === undefined || compareKeys(place.firstKey, this.#from) >= 0
      ? block.entries()
      : block.entriesFrom(this.#from, Number.MAX_SAFE_INTEGER);
  }
}

/** The same entries as `ForwardScan` gives, the last one first. */
export class ReverseScan implements EntryIterator {
  readonly #index: readonly IndexEntry[];
  readonly #read: (position: number) => BlockReader;
  readonly #from: Uint8Array | undefined;
  readonly #before: Uint8Array | undefined;
  #position: number;
  #entries: EntryIterator | undefined;
  #ended = false;

  constructor(
    index: readonly IndexEntry[],
    read: (position: number) => BlockReader,
    from: Uint8Array | undefined,
    before: Uint8Array | undefined,
  ) {
    this.#index = index;
    this.#read = read;
    this.#from = from;
    this.#before = before;
    this.#position = before === undefined ? index.length - 1 : lastBlockBefore(index, before);
  }

  next(): Entry | undefined {
    while (!this.#ended) {
      this.#entries ??= this.#openNext();
      const entry = this.#entries?.next();
      if (entry === undefined) this.#entries = undefined;
      else if (this.#before !== undefined && compareKeys(entry.key, this.#before) >= 0) continue;
      else if (this.#from === undefined || compareKeys(entry.key, this.#from) >= 0) return entry;
      else this.#ended = true;
    }
    return undefined;
  }

  #openNext(): EntryIterator | undefined {
    const following = this.#index[this.#position + 1];
    if (this.#position < 0 || (following !== undefined && this.#isBelow(following))) {
      this.#ended = true;
      return undefined;
    }
    return this.#read(this.#position--).reversed();
  }

  /** Whether nothing before the block can lie inside of the bounds. */
  #isBelow({ firstKey, continues }: IndexEntry): boolean {
    if (this.#from === undefined) return false;
    const order = compareKeys(firstKey, this.#from);
    return order < 0 || (order === 0 && !continues);
  }
}

/** Position of the last block that holds a key less than `before`; -1 if there is none. */
function lastBlockBefore(index: readonly IndexEntry[], before: Uint8Array): number {
  const position = searchIndex(index, before, Number.MAX_SAFE_INTEGER);
  const place = index[position];
  return place !== undefined && compareKeys(place.firstKey, before) < 0 ? position : position - 1;
}
