import { copyBytes } from '../bytes/copy.js';
import type { Entry } from '../entry.js';
import type { EngineOptions } from '../options.js';
import { sealCompressed, TRAILER_BYTES, writeTrailer } from './trailer.js';

/**
 * A block: sorted entries with prefix-compressed keys, as in LevelDB (doc/table_format.md). Each entry stores only
 * the part of its key that differs from the key before; every `restartInterval` entries the whole key is stored
 * (a restart point), and the offsets of those entries at the end of the block make binary search possible.
 *
 *   entry:  shared varint | unshared varint | type u8 | sequence varint | value length varint | key suffix | value
 *   block:  entries | restart offset u32 ... | number of restarts u32
 *
 * The index of a table is a block too. How a block is checked and stored in a file is in trailer.ts.
 */
export class BlockBuilder {
  readonly #restartInterval: number;
  readonly #restarts: number[] = [];
  /** Kept for the next block. */
  #buffer = new Uint8Array(BUFFER_BYTES);
  #length = 0;
  #entries = 0;
  #lastKey: Uint8Array = new Uint8Array(0);

  constructor(restartInterval: number) {
    this.#restartInterval = restartInterval;
  }

  /** Entries added since the block was begun. */
  get entries(): number {
    return this.#entries;
  }

  /** Size that the block would have now; a trailer is not counted. */
  get bytes(): number {
    return this.#length + 4 * this.#restarts.length + 4;
  }

  /**
   * Adds an entry; the caller keeps them in the order of `compareEntries`, and may say how many bytes the key has in
   * common with the key before.
   */
  add(entry: Entry, common = commonPrefixBytes(this.#lastKey, entry.key)): void {
    const { key, value } = entry;
    let shared = common;
    if (this.#entries % this.#restartInterval === 0) {
      this.#restarts.push(this.#length);
      shared = 0;
    }
    const unshared = key.length - shared;
    this.#makeRoom(HEADER_BYTES_MAX + unshared + value.length);
    this.#varint(shared);
    this.#varint(unshared);
    this.#buffer[this.#length++] = ENTRY_TYPES[entry.kind];
    this.#varint(entry.sequence);
    this.#varint(value.length);
    copyBytes(this.#buffer, this.#length, key, shared, unshared);
    this.#length += unshared;
    copyBytes(this.#buffer, this.#length, value, 0, value.length);
    this.#length += value.length;
    this.#lastKey = key;
    this.#entries++;
  }

  /** The whole block without a trailer, good until the next call of a method; the next entry begins another block. */
  finish(): Uint8Array {
    this.#makeRoom(4 * this.#restarts.length + 4 + TRAILER_BYTES);
    for (const restart of this.#restarts) this.#u32(restart);
    this.#u32(this.#restarts.length);
    const block = this.#buffer.subarray(0, this.#length);
    this.#restarts.length = 0;
    this.#length = 0;
    this.#entries = 0;
    return block;
  }

  /** As `finish`, with its trailer; compressed, if that is asked for and makes it smaller. */
  seal(compression: EngineOptions['compression']): Uint8Array {
    const block = this.finish();
    const compressed = compression === 'none' ? undefined : sealCompressed(block);
    return compressed ?? writeTrailer(this.#buffer, block.length, 'none');
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = rest < 2 ** 31 ? rest >>> 7 : Math.floor(rest / 0x80)) {
      this.#buffer[this.#length++] = (rest & 0x7f) | 0x80;
    }
    this.#buffer[this.#length++] = rest;
  }

  #u32(value: number): void {
    for (let shift = 0; shift < 32; shift += 8) this.#buffer[this.#length++] = value >>> shift;
  }

  #makeRoom(bytes: number): void {
    // One large value must not make every later block of the table hold on to so much.
    if (this.#length === 0 && this.#buffer.length > BUFFER_BYTES_KEPT)
      this.#buffer = new Uint8Array(BUFFER_BYTES);
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#buffer.length));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

/** The type byte of an entry. */
export const ENTRY_TYPES: Readonly<Record<Entry['kind'], number>> = { value: 1, tombstone: 2 };

/** A block that holds the given entries, which are in the order of `compareEntries`. */
export function encodeBlock(entries: Iterable<Entry>, restartInterval: number): Uint8Array {
  const builder = new BlockBuilder(restartInterval);
  for (const entry of entries) builder.add(entry);
  return builder.finish();
}

/** How many of their first bytes two keys have in common. */
export function commonPrefixBytes(left: Uint8Array, right: Uint8Array): number {
  const most = left.length < right.length ? left.length : right.length;
  let common = 0;
  while (common < most && left[common] === right[common]) common++;
  return common;
}

const BUFFER_BYTES = 8 * 1024;
const BUFFER_BYTES_KEPT = 1024 * 1024;
/** Four varints of at most eight bytes and a type. */
const HEADER_BYTES_MAX = 33;
