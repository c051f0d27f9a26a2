import { ByteArena } from '../bytes/arena.js';
import type { Entry, EntryIterator } from '../entry.js';
import { corrupt } from '../errors.js';
import { RESTART_INTERVAL_MAX } from '../options.js';
import { BlockCursor, viewOf } from './block-cursor.js';
import { EntryDecoder } from './entry-decoder.js';

/**
 * A block that is read (format in block.ts): binary search over the restart points, then a walk of at most one restart
 * interval. Whatever the bytes are, it gives entries or throws ENGINE_CORRUPT; it never reads outside of the block
 * and never holds more than the entry that it gives, or, from the end, than those of one restart interval: 1,024 keys
 * of 64 KiB at the most. That the entries are in order is not checked.
 *
 * Values, and keys stored whole, are views on the block: it may be in the cache, so whoever hands them out of the
 * engine copies them.
 */
export class BlockReader {
  readonly bytes: Uint8Array;
  readonly #file: string;
  readonly #offset: number;
  readonly #restarts: number;
  readonly #restartsStart: number;

  /** `bytes` is the block without its trailer; `file` and `offset` say where it lies and appear in errors. */
  constructor(file: string, offset: number, bytes: Uint8Array) {
    this.bytes = bytes;
    this.#file = file;
    this.#offset = offset;
    if (bytes.length < 4) throw this.damage(`a block of ${bytes.length} bytes cannot hold its restart count`);
    this.#restarts = u32At(bytes, bytes.length - 4);
    this.#restartsStart = bytes.length - 4 - 4 * this.#restarts;
    if (this.#restarts === 0 || this.#restartsStart < 0) {
      throw this.damage(`${this.#restarts} restart points do not fit a block of ${bytes.length} bytes`);
    }
    if (this.restartAt(0) !== 0) throw this.damage('the first restart point is not at the first entry');
  }

  /** Number of restart points, at least 1. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Where the entry of a restart point begins; for the number of restart points, where the entries end. */
  restartAt(restart: number): number {
    if (restart >= this.#restarts) return this.#restartsStart;
    const start = u32At(this.bytes, this.#restartsStart + 4 * restart);
    if (start <= this.#restartsStart) return start;
    throw this.damage(`restart point ${restart} lies outside of the entries`);
  }

  /** A walk over all entries that makes no objects. */
  decoder(): EntryDecoder {
    return new EntryDecoder(this, 0, this.#restartsStart);
  }

  /** All entries, in the order in which they are stored. `keys` is where their keys are made. */
  entries(keys = new ByteArena()): EntryIterator {
    return new BlockCursor(this.bytes, this.decoder(), keys);
  }

  /** All entries, the last one first. Reads one restart interval at a time. */
  reversed(keys = new ByteArena()): EntryIterator {
    return new ReverseCursor(this, keys);
  }

  /** The entries from the first that does not come before version `sequence` of `key`. */
  entriesFrom(key: Uint8Array, sequence: number, keys = new ByteArena()): EntryIterator {
    const decoder = this.decoder();
    this.#seek(decoder, key, sequence);
    const cursor = new BlockCursor(this.bytes, decoder, keys);
    cursor.skipTo(key, sequence);
    return cursor;
  }

  /**
   * The newest version of `key` up to `sequence`; its key is the array given, its value a view on the block. 'absent'
   * if an entry shows that there is none; 'further' if the block ends before such a version would have come.
   */
  find(key: Uint8Array, sequence: number): Entry | 'absent' | 'further' {
    const decoder = this.decoder();
    this.#seek(decoder, key, sequence);
    while (decoder.next()) {
      const order = decoder.compareKey(key);
      if (order < 0 || (order === 0 && decoder.sequence > sequence)) continue;
      if (order > 0) return 'absent';
      const { kind, valueStart, valueEnd } = decoder;
      return { key, sequence: decoder.sequence, kind, value: viewOf(this.bytes, valueStart, valueEnd) };
    }
    return 'further';
  }

  damage(problem: string): Error {
    return corrupt(this.#file, this.#offset, problem);
  }

  /** Moves to the last restart point whose entry comes before version `sequence` of `key`; to the first if none does. */
  #seek(decoder: EntryDecoder, key: Uint8Array, sequence: number): void {
    let low = 0;
    let high = this.#restarts - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      decoder.seek(this.restartAt(middle), this.#restartsStart);
      if (!decoder.next()) throw this.damage(`no entry at restart point ${middle}`);
      const order = decoder.compareKey(key);
      if (order < 0 || (order === 0 && decoder.sequence > sequence)) low = middle;
      else high = middle - 1;
    }
    decoder.seek(this.restartAt(low), this.#restartsStart);
  }
}

/** The entries of a block from the last to the first: the intervals between restart points backwards. */
class ReverseCursor implements EntryIterator {
  readonly #block: BlockReader;
  readonly #keys: ByteArena;
  readonly #interval: Entry[] = [];
  #restart: number;

  constructor(block: BlockReader, keys: ByteArena) {
    this.#block = block;
    this.#keys = keys;
    this.#restart = block.restarts;
  }

  next(): Entry | undefined {
    if (this.#interval.length === 0 && this.#restart > 0) this.#readInterval(--this.#restart);
    return this.#interval.pop();
  }

  #readInterval(restart: number): void {
    const block = this.#block;
    const [start, end] = [block.restartAt(restart), block.restartAt(restart + 1)];
    if (start > end || (start === end && block.restarts > 1))
      throw block.damage(`no entry at restart point ${restart}`);
    const cursor = new BlockCursor(block.bytes, new EntryDecoder(block, start, end), this.#keys);
    for (let entry = cursor.next(); entry !== undefined; entry = cursor.next()) {
      if (this.#interval.push(entry) > RESTART_INTERVAL_MAX)
        throw block.damage(`more than ${RESTART_INTERVAL_MAX} entries from restart point ${restart} on`);
    }
  }
}

function u32At(bytes: Uint8Array, offset: number): number {
  const low = (bytes[offset] as number) | ((bytes[offset + 1] as number) << 8);
  return (low | ((bytes[offset + 2] as number) << 16) | ((bytes[offset + 3] as number) << 24)) >>> 0;
}
