import { Cursor, CursorError } from '../bytes/cursor.js';
import { compareEntries, type Entry, type EntryIterator } from '../entry.js';
import { corrupt } from '../errors.js';
import { ENTRY_TYPES } from './block.js';

/**
 * Reads a block (format in block.ts): binary search over the restart points, then a walk of at most one restart
 * interval. Whatever the bytes are, it gives entries or throws ENGINE_CORRUPT; it never reads outside of the block
 * and never allocates more than the block holds. That the entries are in order is not checked here.
 *
 * Values, and keys stored whole, are views on the block: it may be in the cache, so whoever hands them out of the
 * engine copies them.
 */
export class BlockReader {
  readonly bytes: Uint8Array;
  readonly #file: string;
  readonly #offset: number;
  readonly #view: DataView;
  readonly #restarts: number;
  readonly #restartsStart: number;

  /** `bytes` is the block without its trailer; `file` and `offset` say where it lies and appear in errors. */
  constructor(file: string, offset: number, bytes: Uint8Array) {
    this.bytes = bytes;
    this.#file = file;
    this.#offset = offset;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (bytes.length < 4)
      throw this.#damage(`a block of ${bytes.length} bytes cannot hold its restart count`);
    this.#restarts = this.#view.getUint32(bytes.length - 4, true);
    this.#restartsStart = bytes.length - 4 - 4 * this.#restarts;
    if (this.#restarts === 0 || this.#restartsStart < 0) {
      throw this.#damage(`${this.#restarts} restart points do not fit a block of ${bytes.length} bytes`);
    }
  }

  /** The entry that the block begins with. */
  first(): Entry | undefined {
    return this.#next(this.#cursor(0), undefined);
  }

  /** All entries, in the order in which they are stored. */
  entries(): EntryIterator {
    return this.#walk(this.#cursor(0), undefined);
  }

  /** All entries, the last one first. */
  reversed(): EntryIterator {
    const entries: Entry[] = [];
    const cursor = this.#cursor(0);
    for (let entry = this.#next(cursor, undefined); entry !== undefined; entry = this.#next(cursor, entry)) {
      entries.push(entry);
    }
    return { next: () => entries.pop() };
  }

  /** The entries from the first that does not come before version `sequence` of `key`. */
  entriesFrom(key: Uint8Array, sequence: number): EntryIterator {
    const { cursor, entry } = this.#seek(key, sequence);
    return this.#walk(cursor, undefined, entry);
  }

  /** The first entry that does not come before version `sequence` of `key`; it may be of another key. */
  find(key: Uint8Array, sequence: number): Entry | undefined {
    return this.#seek(key, sequence).entry;
  }

  #seek(key: Uint8Array, sequence: number): { cursor: Cursor; entry: Entry | undefined } {
    const target: Entry = { key, sequence, kind: 'value', value: NO_BYTES };
    const cursor = this.#cursor(this.#lastRestartBefore(target));
    let entry = this.#next(cursor, undefined);
    while (entry !== undefined && compareEntries(entry, target) < 0) entry = this.#next(cursor, entry);
    return { cursor, entry };
  }

  /** Index of the last restart point whose entry comes before `target`; 0 if there is none. */
  #lastRestartBefore(target: Entry): number {
    let [low, high] = [0, this.#restarts - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const entry = this.#next(this.#cursor(middle), undefined);
      if (entry === undefined) throw this.#damage(`no entry at restart point ${middle}`);
      if (compareEntries(entry, target) < 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The entries from the cursor on, `first` before them if there is one. */
  #walk(cursor: Cursor, before: Entry | undefined, first?: Entry): EntryIterator {
    let ahead = first;
    let last = before;
    return {
      next: () => {
        last = ahead ?? this.#next(cursor, last);
        ahead = undefined;
        return last;
      },
    };
  }

  #cursor(restart: number): Cursor {
    const start = this.#view.getUint32(this.#restartsStart + 4 * restart, true);
    if (start > this.#restartsStart)
      throw this.#damage(`restart point ${restart} lies outside of the entries`);
    return new Cursor(this.bytes, start, this.#restartsStart);
  }

  #next(cursor: Cursor, before: Entry | undefined): Entry | undefined {
    if (cursor.remaining === 0) return undefined;
    const start = cursor.position;
    try {
      const shared = cursor.varint();
      const unshared = cursor.varint();
      const kind = this.#kindOf(cursor.u8());
      const sequence = cursor.varint();
      const valueBytes = cursor.varint();
      const key = this.#keyOf(before, shared, cursor.bytes(unshared));
      const value = cursor.bytes(valueBytes);
      if (kind === 'tombstone' && value.length > 0)
        throw this.#damage(`a tombstone with a value at ${start}`);
      return { key, sequence, kind, value };
    } catch (error) {
      if (!(error instanceof CursorError)) throw error;
      throw this.#damage(`the entry at byte ${start} of the block: ${error.reason}`, error);
    }
  }

  #kindOf(type: number): Entry['kind'] {
    if (type === ENTRY_TYPES.value) return 'value';
    if (type === ENTRY_TYPES.tombstone) return 'tombstone';
    throw this.#damage(`unknown entry type ${type}`);
  }

  #keyOf(before: Entry | undefined, shared: number, suffix: Uint8Array): Uint8Array {
    if (shared === 0) return suffix;
    if (before === undefined || shared > before.key.length) {
      throw this.#damage(`a key shares ${shared} bytes with a key of ${before?.key.length ?? 0}`);
    }
    const key = new Uint8Array(shared + suffix.length);
    key.set(before.key.subarray(0, shared));
    key.set(suffix, shared);
    return key;
  }

  #damage(problem: string, cause?: unknown): Error {
    return corrupt(this.#file, this.#offset, problem, cause);
  }
}

const NO_BYTES = new Uint8Array(0);
