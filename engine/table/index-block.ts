import { Cursor, CursorError } from '../bytes/cursor.js';
import { ByteWriter } from '../bytes/writer.js';
import { compareEntries, compareKeys, type Entry } from '../entry.js';
import { corrupt } from '../errors.js';
import { encodeBlock } from './block.js';
import { BlockReader } from './block-reader.js';
import { TRAILER_BYTES } from './trailer.js';

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
  /** Bytes of the block; its trailer comes on top. */
  readonly size: number;
  /** The block before ends with a newer version of `firstKey`. */
  readonly continues: boolean;
}

/** The index as a block, without a trailer. */
export function encodeIndex(index: readonly IndexEntry[], restartInterval: number): Uint8Array {
  return encodeBlock(index.map(toEntry), restartInterval);
}

function toEntry({ firstKey, firstSequence, offset, size, continues }: IndexEntry): Entry {
  const value = new ByteWriter(16)
    .varint(offset)
    .varint(size)
    .u8(continues ? 1 : 0)
    .finish();
  return { key: firstKey, sequence: firstSequence, kind: 'value', value };
}

/**
 * Reads an index block. The data blocks must be in order and fill the file from byte 0 to the index without gaps;
 * anything else is ENGINE_CORRUPT at `offset`, where the index begins.
 */
export function decodeIndex(file: string, offset: number, block: Uint8Array): readonly IndexEntry[] {
  const index: IndexEntry[] = [];
  let end = 0;
  let before: Entry | undefined;
  const entries = new BlockReader(file, offset, block).entries();
  for (let entry = entries.next(); entry !== undefined; entry = entries.next()) {
    const place = decodePlace(file, offset, entry.value);
    if (place.offset !== end || (before !== undefined && compareEntries(before, entry) >= 0)) {
      throw corrupt(file, offset, `entry ${index.length} of the index does not follow the one before`);
    }
    index.push({ firstKey: entry.key, firstSequence: entry.sequence, ...place });
    end = place.offset + place.size + TRAILER_BYTES;
    before = entry;
  }
  if (end !== offset) throw corrupt(file, offset, `by the index the data blocks end at byte ${end}`);
  return index;
}

function decodePlace(
  file: string,
  offset: number,
  value: Uint8Array,
): Omit<IndexEntry, 'firstKey' | 'firstSequence'> {
  try {
    const cursor = new Cursor(value);
    return { offset: cursor.varint(), size: cursor.varint(), continues: cursor.u8() !== 0 };
  } catch (error) {
    if (!(error instanceof CursorError)) throw error;
    throw corrupt(file, offset, `the place of a block in the index: ${error.reason}`, error);
  }
}

/**
 * Position of the block where a search for `key` at `sequence` begins: the last block before which no version of
 * the key with at most that sequence number can lie; 0 if `key` comes before everything.
 */
export function searchIndex(index: readonly IndexEntry[], key: Uint8Array, sequence: number): number {
  let [low, high] = [0, index.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    const block = index[middle];
    if (block !== undefined && isReached(block, key, sequence)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Whether no version of `key` up to `sequence` can lie before the block. */
function isReached(block: IndexEntry, key: Uint8Array, sequence: number): boolean {
  const order = compareKeys(block.firstKey, key);
  return order < 0 || (order === 0 && (!block.continues || sequence <= block.firstSequence));
}
