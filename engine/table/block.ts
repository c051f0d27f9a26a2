import { ByteWriter } from '../bytes/writer.js';
import type { Entry } from '../entry.js';

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
  readonly #writer = new ByteWriter(4_096);
  readonly #restarts: number[] = [];
  #entries = 0;
  #lastKey: Uint8Array = new Uint8Array(0);

  constructor(restartInterval: number) {
    this.#restartInterval = restartInterval;
  }

  /** Entries added so far. */
  get entries(): number {
    return this.#entries;
  }

  /** Size that `finish` would give now. */
  get bytes(): number {
    return this.#writer.length + 4 * this.#restarts.length + 4;
  }

  /** Adds an entry; the caller keeps them in the order of `compareEntries`. */
  add(entry: Entry): void {
    const restart = this.#entries % this.#restartInterval === 0;
    if (restart) this.#restarts.push(this.#writer.length);
    const shared = restart ? 0 : sharedPrefixBytes(this.#lastKey, entry.key);
    this.#writer
      .varint(shared)
      .varint(entry.key.length - shared)
      .u8(ENTRY_TYPES[entry.kind])
      .varint(entry.sequence)
      .varint(entry.value.length)
      .bytes(entry.key.subarray(shared))
      .bytes(entry.value);
    this.#lastKey = entry.key;
    this.#entries++;
  }

  /** The whole block. Nothing may be added afterwards. */
  finish(): Uint8Array {
    for (const restart of this.#restarts) this.#writer.u32(restart);
    return this.#writer.u32(this.#restarts.length).finish();
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

function sharedPrefixBytes(left: Uint8Array, right: Uint8Array): number {
  const most = Math.min(left.length, right.length);
  let shared = 0;
  while (shared < most && left[shared] === right[shared]) shared++;
  return shared;
}
