import type { ByteArena } from '../bytes/arena.js';
import { copyBytes } from '../bytes/copy.js';
import { compareKeys, type Entry, type EntryIterator } from '../entry.js';
import type { EntryDecoder } from './entry-decoder.js';

/**
 * The entries of a block as objects, from the first to the last. A key is a view on the block where it is stored
 * whole, and else made anew out of the key before and the bytes that the entry stores. Values are views on the block.
 */
export class BlockCursor implements EntryIterator {
  readonly #bytes: Uint8Array;
  readonly #decoder: EntryDecoder;
  readonly #keys: ByteArena;
  #key: Uint8Array = NO_BYTES;
  #ahead: Entry | undefined;

  /** `decoder` reads `bytes` and stands before an entry whose key is stored whole; `keys` is where keys are made. */
  constructor(bytes: Uint8Array, decoder: EntryDecoder, keys: ByteArena) {
    this.#bytes = bytes;
    this.#decoder = decoder;
    this.#keys = keys;
  }

  next(): Entry | undefined {
    if (this.#ahead !== undefined) {
      const entry = this.#ahead;
      this.#ahead = undefined;
      return entry;
    }
    const decoder = this.#decoder;
    if (!decoder.next()) return undefined;
    const { kind, sequence, valueStart } = decoder;
    return { key: this.#nextKey(), sequence, kind, value: viewOf(this.#bytes, valueStart, decoder.valueEnd) };
  }

  /** Leaves out all entries that come before version `sequence` of `key`. */
  skipTo(key: Uint8Array, sequence: number): void {
    for (;;) {
      const entry = this.next();
      const order = entry === undefined ? 1 : compareKeys(entry.key, key) || sequence - entry.sequence;
      if (order < 0) continue;
      this.#ahead = entry;
      return;
    }
  }

  #nextKey(): Uint8Array {
    const { shared, keyStart, valueStart, keyBytes } = this.#decoder;
    if (shared === 0) return (this.#key = viewOf(this.#bytes, keyStart, valueStart));
    const key = this.#keys.take(keyBytes);
    copyBytes(key, 0, this.#key, 0, shared);
    copyBytes(key, shared, this.#bytes, keyStart, valueStart - keyStart);
    return (this.#key = key);
  }
}

/** Bytes `start` to `end` as a view that is no Buffer, whose `slice` would not copy. */
export function viewOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return start === end ? NO_BYTES : new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
}

const NO_BYTES = new Uint8Array(0);
