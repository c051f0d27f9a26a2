import { RESTART_INTERVAL_MAX } from '../options.js';
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
import { decodePlace } from '../table/index-block.js';
import { TableIndex } from '../table/table-index.js';
import { readBlock, TRAILER_BYTES } from '../table/trailer.js';
import { corrupt } from '../errors.js';
import type { VfsFile } from '../vfs/vfs.js';
import { isPlatformError } from './inspect-error.js';
import { isCorrupt, readWhole } from './whole-file.js';

/**
 * The parts of a table file one by one, each read by the engine's own decoder. `Table` gives answers and refuses a file
 * of which any part is bad; an inspection wants to see the parts that are good. All of this throws ENGINE_CORRUPT with
 * file and offset, or passes on an error of the platform. What the rest of this folder knows of tables it knows from
 * here.
 *
 * The checksums are no protection from a file that was made to do harm: what a block claims is bounded before memory is
 * taken for it.
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

/** The index of a table, in the two forms that are needed. */
export interface TableBlocks {
  readonly index: TableIndex;
  /** What it says of each data block, in their order; made while it is walked, at every call anew. */
  places(): Generator<BlockPlace>;
}

export function readFooter(file: VfsFile): Footer {
  const size = file.size();
  return decodeFooter(file.path, size, file.read(Math.max(0, size - FOOTER_BYTES), FOOTER_BYTES, LABEL));
}

export function readProperties(
  file: VfsFile,
  { propertiesOffset, propertiesBytes }: Footer,
): TableProperties {
  const block = readBounded(file, propertiesOffset, propertiesBytes);
  return decodeProperties(file.path, propertiesOffset, block);
}

export function readBlocks(file: VfsFile, { indexOffset, indexBytes }: Footer): TableBlocks {
  const block = new BlockReader(file.path, indexOffset, readBounded(file, indexOffset, indexBytes));
  refuseMalformed(block);
  const index = TableIndex.decode(file.path, indexOffset, block.bytes);
  return { index, places: () => placesOf(file.path, indexOffset, block) };
}

/** A data block whose checksum and restart points are right. */
export function openBlock(
  file: VfsFile,
  { offset, bytes }: Pick<BlockPlace, 'offset' | 'bytes'>,
): BlockReader {
  const block = new BlockReader(file.path, offset, readBounded(file, offset, bytes));
  refuseMalformed(block);
  return block;
}

/** How a block is stored, as its trailer says: 'none', 'deflate', or the number of a kind that is not known. */
export function compressionOf(file: VfsFile, { offset, bytes }: BlockPlace): string {
  const [kind] = file.read(offset + bytes, 1, LABEL);
  return COMPRESSIONS[kind ?? -1] ?? String(kind);
}

export function readFilter(file: VfsFile, number: number, hashes: Hashes): BloomFilter {
  return decodeBloom(file.path, readWhole(file, 'recovery/bloom.read', FILTER_BYTES_MAX), number, hashes);
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

function readBounded(file: VfsFile, offset: number, bytes: number): Uint8Array {
  if (bytes <= BLOCK_BYTES_MAX) return readBlock(file, offset, bytes, LABEL);
  throw corrupt(file.path, offset, `a block of ${bytes} bytes is larger than any that the engine writes`);
}

function* placesOf(file: string, offset: number, block: BlockReader): Generator<BlockPlace> {
  const entries = block.entries();
  for (let entry = entries.next(); entry !== undefined; entry = entries.next()) {
    const { size, ...place } = decodePlace(file, offset, entry.value);
    yield { ...place, bytes: size, firstKey: entry.key, firstSequence: entry.sequence };
  }
}

/**
 * Throws if a key is empty, or a restart point is not where an entry with a whole key begins, or the next one is further
 * than any that the engine writes. The engine does not look: a search would go astray at such a point, and find nothing
 * or an older version. Makes no objects.
 */
function refuseMalformed(block: BlockReader): void {
  const decoder = block.decoder();
  let [restart, since] = [0, 0];
  for (let start = 0; decoder.next(); start = decoder.position) {
    if (decoder.keyBytes === 0)
      throw block.damage(`the entry at byte ${start} of the block has an empty key`);
    if (restart === block.restarts || block.restartAt(restart) > start) {
      if (++since > RESTART_INTERVAL_MAX) throw block.damage(`restart point ${restart} comes too late`);
      continue;
    }
    if (block.restartAt(restart) < start || decoder.shared > 0) throw block.damage(astray(restart));
    restart++;
    since = 1;
  }
  if (restart < block.restarts) throw block.damage(astray(restart));
}

function astray(restart: number): string {
  return `restart point ${restart} is not where an entry with a whole key begins`;
}

const COMPRESSIONS: readonly (string | undefined)[] = ['none', 'deflate'];
const LABEL = 'recovery/sst.read';

/** More than the largest `blockBytes` and the largest entry together, and than the index of the largest table. */
const BLOCK_BYTES_MAX = 1 << 28;

/** A header, as many bits as its field can say, and a checksum. */
const FILTER_BYTES_MAX = 35 + 2 ** 29 + 4;
