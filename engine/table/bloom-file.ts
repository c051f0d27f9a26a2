import { crc32 } from '../bytes/crc.js';
import { Cursor, CursorError } from '../bytes/cursor.js';
import { ByteWriter } from '../bytes/writer.js';
import { corrupt } from '../errors.js';
import { BLOOM_PROBES, BloomFilter, CACHE_LINE_BYTES, type BloomKind, type BloomSeeds } from './bloom.js';
import type { Hashes } from './hashes.js';

/**
 * The sidecar `<n>.bloom` of a table: header, bits, CRC-32 over all that stands before it (drawn in FORMAT.md). A
 * filter that says "absent" for a key that is there loses data, so a file is believed only as a whole: any byte
 * that is not as expected makes it bad, and the reader of the table makes a new filter from the table.
 */
const MAGIC = Buffer.from('NLBF', 'latin1');
const VERSION = 1;
const KINDS: Readonly<Record<BloomKind, number>> = { standard: 0, blocked: 1 };
const HEADER_BYTES = 35;

/** The whole sidecar file of table `number`. */
export function encodeBloom(number: number, filter: BloomFilter): Uint8Array {
  const writer = new ByteWriter(HEADER_BYTES + filter.bits.length + 4)
    .bytes(MAGIC)
    .u8(VERSION)
    .u8(KINDS[filter.kind])
    .u8(BLOOM_PROBES)
    .u64(number);
  for (const seed of filter.seeds) writer.u32(Number(seed & 0xffff_ffffn)).u32(Number(seed >> 32n));
  writer.u32(filter.bits.length * 8).bytes(filter.bits);
  return writer.u32(crc32(writer.finish())).finish();
}

/**
 * Reads the sidecar of table `number` from the bytes of `file`. ENGINE_CORRUPT if it is anything else, another
 * table's sidecar and kinds that are not known yet included.
 */
export function decodeBloom(file: string, bytes: Uint8Array, number: number, hashes: Hashes): BloomFilter {
  try {
    return decode(file, new Cursor(bytes), bytes, number, hashes);
  } catch (error) {
    if (!(error instanceof CursorError)) throw error;
    throw corrupt(file, error.position, `the filter: ${error.reason}`, error);
  }
}

function decode(
  file: string,
  cursor: Cursor,
  bytes: Uint8Array,
  number: number,
  hashes: Hashes,
): BloomFilter {
  if (!MAGIC.equals(cursor.bytes(MAGIC.length))) throw corrupt(file, 0, 'the magic of a filter is missing');
  expectField(file, cursor, 'format version', cursor.u8(), VERSION);
  const kind = readKind(file, cursor);
  expectField(file, cursor, 'number of probes', cursor.u8(), BLOOM_PROBES);
  expectField(file, cursor, 'table number', cursor.u64(), number);
  const seeds: BloomSeeds = [readSeed(cursor), readSeed(cursor)];
  const bitCount = cursor.u32();
  if (bitCount === 0 || bitCount % (8 * CACHE_LINE_BYTES) !== 0) {
    throw corrupt(file, cursor.position - 4, `${bitCount} bits are no whole number of cache lines`);
  }
  // A copy: the bytes that were read would be kept for the sake of the bits.
  const bits = new Uint8Array(cursor.bytes(bitCount / 8));
  const checked = bytes.subarray(0, cursor.position);
  expectField(file, cursor, 'checksum', cursor.u32(), crc32(checked));
  if (cursor.remaining > 0)
    throw corrupt(file, cursor.position, `${cursor.remaining} bytes follow the filter`);
  return new BloomFilter(hashes, kind, seeds, bits);
}

function expectField(file: string, cursor: Cursor, name: string, found: number, expected: number): void {
  if (found === expected) return;
  throw corrupt(file, cursor.position, `expected ${name} ${expected} before this byte, found ${found}`);
}

function readKind(file: string, cursor: Cursor): BloomKind {
  const found = cursor.u8();
  if (found === KINDS.standard) return 'standard';
  if (found === KINDS.blocked) return 'blocked';
  throw corrupt(file, cursor.position, `expected kind 0 or 1 before this byte, found ${found}`);
}

function readSeed(cursor: Cursor): bigint {
  const low = cursor.u32();
  return (BigInt(cursor.u32()) << 32n) | BigInt(low);
}
