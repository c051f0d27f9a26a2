import { copyBytes } from '../bytes/copy.js';
import { corrupt } from '../errors.js';
import { viewOf } from './block-cursor.js';
import { BlockReader } from './block-reader.js';
import { EntryDecoder } from './entry-decoder.js';
import { decodePlace } from './index-block.js';
import { TRAILER_BYTES } from './trailer.js';

/**
 * The index of an open table (format in index-block.ts) as it stays in memory: the bytes of the index block as they
 * are, keys prefix-compressed, and two numbers for each data block. So it never takes much more memory than the block
 * does in the file, and there is no object for a data block. A search is binary over the keys that are stored whole,
 * and then walks to the next one.
 *
 * Data blocks are named by their position, from 0.
 */
export class TableIndex {
  /** Number of data blocks, at least 1. */
  readonly length: number;
  readonly #bytes: Uint8Array;
  /** Where each data block begins in the file, and last where the index does. */
  readonly #offsets: Float64Array;
  /** Where the entry of each data block begins in the index, and last where the entries end. */
  readonly #starts: Uint32Array;
  /** Positions of the entries that store their keys whole; the first one is 0. */
  readonly #wholes: Uint32Array;
  readonly #decoder: EntryDecoder;

  private constructor(file: string, offset: number, block: Uint8Array, decoded: DecodedIndex) {
    const { offsets, starts, wholes } = decoded;
    this.length = offsets.length - 1;
    const bytes = block.subarray(0, starts[this.length]);
    // One piece of memory, since a small one costs as much again as what is in it.
    const numbersBytes = 8 * offsets.length + 4 * (starts.length + wholes.length);
    const buffer = new ArrayBuffer(numbersBytes + bytes.length);
    this.#offsets = new Float64Array(buffer, 0, offsets.length);
    this.#starts = new Uint32Array(buffer, 8 * offsets.length, starts.length);
    this.#wholes = new Uint32Array(buffer, 8 * offsets.length + 4 * starts.length, wholes.length);
    this.#bytes = new Uint8Array(buffer, numbersBytes);
    this.#offsets.set(offsets);
    this.#starts.set(starts);
    this.#wholes.set(wholes);
    this.#bytes.set(bytes);
    const damage = (problem: string) => corrupt(file, offset, problem);
    this.#decoder = new EntryDecoder({ bytes: this.#bytes, damage }, 0, 0);
  }

  /**
   * Reads an index block. There must be a data block, and the data blocks must be in order and fill the file from byte
   * 0 to the index without gaps; anything else is ENGINE_CORRUPT at `offset`, where the index begins.
   */
  static decode(file: string, offset: number, bytes: Uint8Array): TableIndex {
    const decoded = decodeEntries(file, offset, new BlockReader(file, offset, bytes));
    return new TableIndex(file, offset, bytes, decoded);
  }

  /** What the index takes in memory, but for some small objects. */
  get memoryBytes(): number {
    return this.#bytes.buffer.byteLength;
  }

  /** Where a data block begins in the file. */
  offsetOf(position: number): number {
    return this.#offsets[position] as number;
  }

  /** Bytes of a data block as it is stored, without its trailer. */
  sizeOf(position: number): number {
    return this.offsetOf(position + 1) - this.offsetOf(position) - TRAILER_BYTES;
  }

  /**
   * Position of the block where a search for `key` at `sequence` begins: the last block before which no version of
   * the key with at most that sequence number can lie; 0 if `key` comes before everything.
   */
  search(key: Uint8Array, sequence: number): number {
    let low = 0;
    let high = this.#wholes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      this.#seek(middle);
      this.#decoder.next();
      if (this.#isReached(key, sequence)) low = middle;
      else high = middle - 1;
    }
    const first = this.#seek(low);
    let position = first - 1;
    while (this.#decoder.next() && this.#isReached(key, sequence)) position++;
    return Math.max(first, position);
  }

  /** Whether no version of `key` up to `sequence` can lie before a block, and the block does not begin behind it. */
  isReached(position: number, key: Uint8Array, sequence: number): boolean {
    this.#walkTo(position, key);
    return this.#isReached(key, sequence);
  }

  /** The order of the first key of a block against `key`, as `compareKeys` gives it. */
  compareFirstKey(position: number, key: Uint8Array): number {
    return this.#walkTo(position, key);
  }

  /** Whether a block begins with version `sequence` of `key`. */
  isFirst(position: number, key: Uint8Array, sequence: number): boolean {
    return this.#walkTo(position, key) === 0 && this.#decoder.sequence === sequence;
  }

  /** The same of the entry that the decoder stands on. */
  #isReached(key: Uint8Array, sequence: number): boolean {
    const order = this.#decoder.compareKey(key);
    if (order !== 0) return order < 0;
    return this.#bytes[this.#decoder.valueEnd - 1] === NOT_CONTINUED || sequence <= this.#decoder.sequence;
  }

  /** Puts the decoder on the entry of a block; gives the order of its key against `key`. */
  #walkTo(position: number, key: Uint8Array): number {
    let low = 0;
    let high = this.#wholes.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#wholes[middle] as number) <= position) low = middle;
      else high = middle - 1;
    }
    let order = 0;
    for (let left = position - this.#seek(low); left >= 0; left--) {
      this.#decoder.next();
      order = this.#decoder.compareKey(key);
    }
    return order;
  }

  /** Puts the decoder before an entry that stores its key whole; gives the position of its block. */
  #seek(whole: number): number {
    const position = this.#wholes[whole] as number;
    this.#decoder.seek(this.#starts[position] as number, this.#starts[this.length] as number);
    return position;
  }
}

interface DecodedIndex {
  readonly offsets: readonly number[];
  readonly starts: readonly number[];
  readonly wholes: readonly number[];
}

function decodeEntries(file: string, offset: number, block: BlockReader): DecodedIndex {
  const [offsets, starts, wholes]: [number[], number[], number[]] = [[], [], []];
  const decoder = block.decoder();
  const before = new LastEntry();
  let end = 0;
  for (let start = 0; decoder.next(); start = decoder.position) {
    const place = decodePlace(file, offset, viewOf(block.bytes, decoder.valueStart, decoder.valueEnd));
    if (place.offset !== end || !before.isFollowedBy(block.bytes, decoder)) {
      throw corrupt(file, offset, `entry ${offsets.length} of the index does not follow the one before`);
    }
    if (decoder.shared === 0) wholes.push(offsets.length);
    offsets.push(place.offset);
    starts.push(start);
    end = place.offset + place.size + TRAILER_BYTES;
  }
  if (end !== offset) throw corrupt(file, offset, `by the index the data blocks end at byte ${end}`);
  if (offsets.length === 0) throw corrupt(file, offset, 'the index names no block');
  return { offsets: [...offsets, end], starts: [...starts, decoder.position], wholes };
}

/** The last entry of a walk, its key put together. */
class LastEntry {
  #key = new Uint8Array(256);
  #keyBytes = -1;
  #sequence = 0;

  /** Whether the entry that the decoder stands on comes after the last one; it becomes the last one. */
  isFollowedBy(bytes: Uint8Array, { shared, keyStart, keyBytes, sequence }: EntryDecoder): boolean {
    let at = shared;
    const shorter = Math.min(keyBytes, this.#keyBytes);
    while (at < shorter && this.#key[at] === bytes[keyStart - shared + at]) at++;
    let order = keyBytes - this.#keyBytes;
    if (at < shorter) order = (bytes[keyStart - shared + at] as number) - (this.#key[at] as number);
    const follows = order > 0 || (order === 0 && sequence < this.#sequence);
    if (keyBytes > this.#key.length) {
      const larger = new Uint8Array(2 * keyBytes);
      larger.set(this.#key);
      this.#key = larger;
    }
    copyBytes(this.#key, shared, bytes, keyStart, keyBytes - shared);
    this.#keyBytes = keyBytes;
    this.#sequence = sequence;
    return follows;
  }
}

const NOT_CONTINUED = 0;
