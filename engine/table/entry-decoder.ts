import type { Entry } from '../entry.js';
import { KEY_BYTES_MAX } from '../options.js';
import { ENTRY_TYPES } from './block.js';

/**
 * Walks over the entries of a block (format in block.ts) without making an object for any of them: after `next` the
 * fields describe the present entry. It never looks outside of the bytes given, allocates nothing, and throws what
 * `damage` makes where the bytes are no entry. That the entries are in order is not checked.
 *
 * `compareKey` never puts a key together: whatever a key shares with the one before compares as it did there, so only
 * the bytes from there on are looked at.
 */
export class EntryDecoder {
  /** Bytes that the present key has in common with the key before. */
  shared = 0;
  /** The rest of the key lies at `keyStart` to `valueStart`, the value at `valueStart` to `valueEnd`. */
  keyStart = 0;
  valueStart = 0;
  valueEnd = 0;
  /** Length of the whole key. */
  keyBytes = 0;
  kind: Entry['kind'] = 'value';
  sequence = 0;
  readonly #block: EncodedEntries;
  readonly #bytes: Uint8Array;
  #position: number;
  #end: number;
  /** How many of its first bytes the present key has in common with the key of `compareKey`, and what that gave. */
  #matched = 0;
  #order = 0;

  /** Reads a block from `start`, where a whole key lies, to `end`, which must be inside. */
  constructor(block: EncodedEntries, start: number, end: number) {
    this.#block = block;
    this.#bytes = block.bytes;
    this.#position = start;
    this.#end = end;
  }

  /** Where the next entry begins. */
  get position(): number {
    return this.#position;
  }

  /** Goes on at `start`, where a whole key lies, and stops at `end`. */
  seek(start: number, end: number): void {
    this.#position = start;
    this.#end = end;
    this.keyBytes = 0;
  }

  /** Moves on to the next entry; false at the end. */
  next(): boolean {
    const start = this.#position;
    if (start >= this.#end) return false;
    const shared = this.#varint();
    const unshared = this.#varint();
    const type = this.#byte();
    const sequence = this.#varint();
    const valueBytes = this.#varint();
    const keyStart = this.#position;
    if (unshared > this.#end - keyStart) this.#fail(start, 'truncated');
    const valueStart = keyStart + unshared;
    if (valueBytes > this.#end - valueStart) this.#fail(start, 'truncated');
    if (shared > this.keyBytes) this.#fail(start, `${shared} bytes shared with a key of ${this.keyBytes}`);
    // What is shared is not in the block once more: without a limit a small block could ask for a lot of memory.
    if (shared + unshared > KEY_BYTES_MAX) this.#fail(start, `a key of ${shared + unshared} bytes`);
    if (type === ENTRY_TYPES.value) this.kind = 'value';
    else if (type !== ENTRY_TYPES.tombstone) this.#fail(start, `unknown type ${type}`);
    else if (valueBytes > 0) this.#fail(start, 'a tombstone with a value');
    else this.kind = 'tombstone';
    this.shared = shared;
    this.sequence = sequence;
    this.keyStart = keyStart;
    this.keyBytes = shared + unshared;
    this.valueStart = valueStart;
    this.valueEnd = this.#position = valueStart + valueBytes;
    return true;
  }

  /**
   * The order of the present key against `key`, as `compareKeys` gives it. To be called once for every entry from the
   * start or from a `seek` on, always with the same key.
   */
  compareKey(key: Uint8Array): number {
    // It differs from the key where the key before did.
    if (this.shared > this.#matched) return this.#order;
    const bytes = this.#bytes;
    const shift = this.keyStart - this.shared;
    const shorter = this.keyBytes < key.length ? this.keyBytes : key.length;
    let at = this.shared;
    while (at < shorter && bytes[shift + at] === key[at]) at++;
    this.#matched = at;
    this.#order =
      at < shorter ? (bytes[shift + at] as number) - (key[at] as number) : this.keyBytes - key.length;
    return this.#order;
  }

  #byte(): number {
    if (this.#position >= this.#end) this.#fail(this.#position, 'truncated');
    return this.#bytes[this.#position++] as number;
  }

  #varint(): number {
    const byte = this.#byte();
    return byte < 0x80 ? byte : this.#longVarint(byte & 0x7f);
  }

  /** A varint of up to eight bytes whose first seven bits are known. */
  #longVarint(low: number): number {
    let value = low;
    for (let scale = 0x80; scale < 2 ** 56; scale *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value <= Number.MAX_SAFE_INTEGER) return value;
        break;
      }
    }
    return this.#fail(this.#position, 'a number out of range');
  }

  #fail(position: number, problem: string): never {
    throw this.#block.damage(`the entry at byte ${position} of the block: ${problem}`);
  }
}

/** What a decoder reads: some bytes, and the error for bytes that are no entry. */
export interface EncodedEntries {
  readonly bytes: Uint8Array;
  damage(problem: string): Error;
}
