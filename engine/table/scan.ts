import { ByteArena } from '../bytes/arena.js';
import { compareKeys, type Entry, type EntryIterator } from '../entry.js';
import type { BlockReader } from './block-reader.js';
import type { TableIndex } from './table-index.js';

/**
 * Walks over the entries of one table, in either direction and between bounds. A block is read when it is reached,
 * and none that the index shows to lie outside of the bounds; of a block that the index shows to lie inside, no entry
 * is held against them.
 */
export class ForwardScan implements EntryIterator {
  readonly #index: TableIndex;
  readonly #read: (position: number) => BlockReader;
  readonly #before: Uint8Array | undefined;
  readonly #keys = new ByteArena();
  /** Only until the first block is open. */
  #from: Uint8Array | undefined;
  #position: number;
  #entries: EntryIterator | undefined;
  /** The upper bound, if the present block may reach it. */
  #ceiling: Uint8Array | undefined;

  /** `read` gives the block at a position of `index`; the bounds are those of `EntrySource.entries`. */
  constructor(
    index: TableIndex,
    read: (position: number) => BlockReader,
    from: Uint8Array | undefined,
    before: Uint8Array | undefined,
  ) {
    this.#index = index;
    this.#read = read;
    this.#from = from;
    this.#before = before;
    this.#position = from === undefined ? 0 : index.search(from, Number.MAX_SAFE_INTEGER);
  }

  next(): Entry | undefined {
    for (;;) {
      const entry = this.#entries?.next();
      if (entry === undefined) {
        if (!this.#openNext()) return undefined;
      } else if (this.#ceiling === undefined || compareKeys(entry.key, this.#ceiling) < 0) {
        return entry;
      } else {
        this.#position = this.#index.length;
        this.#entries = undefined;
      }
    }
  }

  /** False if no block inside of the bounds is left. */
  #openNext(): boolean {
    this.#entries = undefined;
    const position = this.#position;
    if (!this.#beginsInside(position)) return false;
    this.#position++;
    const block = this.#read(position);
    const from = this.#from;
    this.#from = undefined;
    this.#entries =
      from === undefined || this.#index.compareFirstKey(position, from) >= 0
        ? block.entries(this.#keys)
        : block.entriesFrom(from, Number.MAX_SAFE_INTEGER, this.#keys);
    this.#ceiling = this.#beginsInside(position + 1) ? undefined : this.#before;
    return true;
  }

  /** Whether there is such a block, and it begins below the upper bound. */
  #beginsInside(position: number): boolean {
    if (position >= this.#index.length) return false;
    return this.#before === undefined || this.#index.compareFirstKey(position, this.#before) < 0;
  }
}

/** The same entries as `ForwardScan` gives, the last one first. */
export class ReverseScan implements EntryIterator {
  readonly #index: TableIndex;
  readonly #read: (position: number) => BlockReader;
  readonly #from: Uint8Array | undefined;
  readonly #keys = new ByteArena();
  /** Only until the first block is open. */
  #before: Uint8Array | undefined;
  #position: number;
  #entries: EntryIterator | undefined;
  /** The bounds, if the present block may lie across them. */
  #ceiling: Uint8Array | undefined;
  #floor: Uint8Array | undefined;

  constructor(
    index: TableIndex,
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
    for (;;) {
      const entry = this.#entries?.next();
      if (entry === undefined) {
        if (!this.#openNext()) return undefined;
      } else if (this.#ceiling !== undefined && compareKeys(entry.key, this.#ceiling) >= 0) {
        continue;
      } else if (this.#floor === undefined || compareKeys(entry.key, this.#floor) >= 0) {
        return entry;
      } else {
        this.#position = -1;
        this.#entries = undefined;
      }
    }
  }

  /** False if no block inside of the bounds is left. */
  #openNext(): boolean {
    this.#entries = undefined;
    const position = this.#position;
    if (position < 0 || this.#nothingLiesBefore(position + 1)) return false;
    this.#position--;
    this.#entries = this.#read(position).reversed(this.#keys);
    this.#ceiling = this.#before;
    this.#before = undefined;
    const from = this.#from;
    const isAcross = from !== undefined && this.#index.compareFirstKey(position, from) < 0;
    this.#floor = isAcross ? from : undefined;
    return true;
  }

  /** Whether the index shows that no entry in front of a block reaches the lower bound. */
  #nothingLiesBefore(position: number): boolean {
    if (this.#from === undefined || position === this.#index.length) return false;
    return this.#index.isReached(position, this.#from, Number.MAX_SAFE_INTEGER);
  }
}

/** Position of the last block that holds a key less than `before`; -1 if there is none. */
function lastBlockBefore(index: TableIndex, before: Uint8Array): number {
  const position = index.search(before, Number.MAX_SAFE_INTEGER);
  return index.compareFirstKey(position, before) < 0 ? position : position - 1;
}
