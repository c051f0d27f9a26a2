import type { Entry, EntryIterator } from '../entry.js';
import { BlockReader } from '../table/block-reader.js';
import type { BloomFilter } from '../table/bloom.js';
import { decodeBloom } from '../table/bloom-file.js';
import {
  decodeFooter,
  decodeProperties,
  FOOTER_BYTES,
  type Footer,
  type TableProperties,
} from '../table/format.js';
import type { Hashes } from '../table/hashes.js';
import { decodeIndex } from '../table/index-block.js';
import { readBlock, TRAILER_BYTES } from '../table/trailer.js';
import type { VfsFile } from '../vfs/vfs.js';
import { isPlatformError } from './inspect-error.js';
import { isCorrupt, readWhole } from './whole-file.js';

/**
 * The parts of a table file one by one, each read by the engine's own decoder. `Table` gives answers and refuses a file
 * of which any part is bad; an inspection wants to see the parts that are good. All of this throws ENGINE_CORRUPT with
 * file and offset, or passes on an error of the platform. What the rest of this folder knows of tables it knows from
 * here.
 */
export interface BlockPlace {
  readonly offset: number;
  /** Bytes in the file; the trailer comes on top. */
  readonly bytes: number;
  readonly firstKey: Uint8Array;
  readonly firstSequence: number;
  /** The index says that the block before ends with a newer version of `firstKey`. */
  readonly continues: boolean;
}

export function readFooter(file: VfsFile): Footer {
  const size = file.size();
  return decodeFooter(file.path, size, file.read(Math.max(0, size - FOOTER_BYTES), FOOTER_BYTES, LABEL));
}

export function readProperties(
  file: VfsFile,
  { propertiesOffset, propertiesBytes }: Footer,
): TableProperties {
  const block = readBlock(file, propertiesOffset, propertiesBytes, LABEL);
  return decodeProperties(file.path, propertiesOffset, block);
}

export function readIndex(file: VfsFile, { indexOffset, indexBytes }: Footer): readonly BlockPlace[] {
  const index = decodeIndex(file.path, indexOffset, readBlock(file, indexOffset, indexBytes, LABEL));
  return index.map(({ size, ...place }) => ({ ...place, bytes: size }));
}

/** A data block whose checksum is right. */
export function openBlock(file: VfsFile, { offset, bytes }: BlockPlace): BlockReader {
  return new BlockReader(file.path, offset, readBlock(file, offset, bytes, LABEL));
}

/** How a block is stored, as its trailer says: 'none', 'deflate', or the number of a kind that is not known. */
export function compressionOf(file: VfsFile, { offset, bytes }: BlockPlace): string {
  const [kind] = file.read(offset + bytes, 1, LABEL);
  return COMPRESSIONS[kind ?? -1] ?? String(kind);
}

/** Whether a search in the block comes to this entry, which is in it: the restart points are not in its way. */
export function isFound(block: BlockReader, { key, sequence }: Entry): boolean {
  const found = block.entriesFrom(key, sequence).next();
  return found?.sequence === sequence && Buffer.compare(found.key, key) === 0;
}

/** The entries of blocks that lie one behind the other; a block is read when it is reached. */
export function entriesOf(file: VfsFile, places: readonly BlockPlace[]): EntryIterator {
  let reached = 0;
  let entries: EntryIterator | undefined;
  return {
    next() {
      for (;;) {
        const entry = entries?.next();
        const place = places[reached];
        if (entry !== undefined || place === undefined) return entry;
        entries = openBlock(file, place).entries();
        reached++;
      }
    },
  };
}

export function readFilter(file: VfsFile, number: number, hashes: Hashes): BloomFilter {
  return decodeBloom(file.path, readWhole(file, 'recovery/bloom.read'), number, hashes);
}

/** The number that a table gives itself; undefined if it cannot be read. */
export function numberOfTable(file: VfsFile): number | undefined {
  try {
    return readProperties(file, readFooter(file)).number;
  } catch (error) {
    if (isCorrupt(error) || isPlatformError(error)) return undefined;
    throw error;
  }
}

/** Where a table of this footer keeps what, as `[name, offset, bytes]`; bytes with the trailer. */
export function partsOf(footer: Footer): readonly (readonly [name: string, offset: number, bytes: number])[] {
  return [
    ['data', 0, footer.indexOffset],
    ['index', footer.indexOffset, footer.indexBytes + TRAILER_BYTES],
    ['properties', footer.propertiesOffset, footer.propertiesBytes + TRAILER_BYTES],
    ['footer', footer.propertiesOffset + footer.propertiesBytes + TRAILER_BYTES, FOOTER_BYTES],
  ];
}

const COMPRESSIONS: readonly (string | undefined)[] = ['none', 'deflate'];
const LABEL = 'recovery/sst.read';
