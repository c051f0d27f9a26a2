import { Cursor, CursorError } from '../bytes/cursor.js';
import { ByteWriter } from '../bytes/writer.js';
import { corrupt } from '../errors.js';
import { BlockBuilder } from './block.js';

/**
 * The index of a table: one entry for each data block, stored as a block itself. An index entry has the key and
 * the sequence number of the block's first entry, and as its value the block's offset in the file (varint), its
 * size without the trailer (varint), and whether the block before ends with a version of the same key (u8, 0 or
 * 1). Without that a reader would have to look into the block before whenever a key begins a block.
 */
export interface IndexEntry {
  readonly firstKey: Uint8Array;
  readonly firstSequence: number;
  readonly offset: number;
  /** Bytes of the block as it is stored; its trailer comes on top. */
  readonly size: number;
  /** The block before ends with a newer version of `firstKey`. */
  readonly continues: boolean;
}

/** Writes an index. */
export class IndexBuilder {
  readonly #block: BlockBuilder;

  constructor(restartInterval: number) {
    this.#block = new BlockBuilder(restartInterval);
  }

  /** The data blocks come in the order in which they lie in the file. */
  add({ firstKey, firstSequence, offset, size, continues }: IndexEntry): void {
    const value = new ByteWriter(16)
      .varint(offset)
      .varint(size)
      .u8(continues ? 1 : 0)
      .finish();
    this.#block.add({ key: firstKey, sequence: firstSequence, kind: 'value', value });
  }

  /** The index as a block, without a trailer. Once. */
  finish(): Uint8Array {
    return this.#block.finish();
  }
}

/** Reads the value of an index entry; ENGINE_CORRUPT at `offset`, where the index begins, if it is none. */
export function decodePlace(
  file: string,
  offset: number,
  value: Uint8Array,
): Omit<IndexEntry, 'firstKey' | 'firstSequence'> {
  try {
    const cursor = new Cursor(value);
    const place = { offset: cursor.varint(), size: cursor.varint() };
    const continues = cursor.u8();
    if (continues > 1 || cursor.remaining > 0)
      throw corrupt(file, offset, 'a place in the index is not an offset, a size and a flag');
    return { ...place, continues: continues === 1 };
  } catch (error) {
    if (!(error instanceof CursorError)) throw error;
    throw corrupt(file, offset, `the place of a block in the index: ${error.reason}`, error);
  }
}
