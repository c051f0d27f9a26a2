import { crc32 } from '../bytes/crc.js';
import { Cursor, CursorError } from '../bytes/cursor.js';
import { ByteWriter } from '../bytes/writer.js';

/**
 * The bytes of a write-ahead log: a header, then one record for each batch. FORMAT.md has the layout and an example.
 *
 *     header   "NLWL"  version u8  file number u64  crc32 u32 (of all before it)
 *     record   length u32  crc32 u32 (of file number, length and payload)  payload
 *     payload  sequence u64  durable varint  count varint  then for each write: type u8  key  [value]
 *              (key, value: length varint, bytes)
 *
 * A batch is one record so that it survives whole or not at all. The checksum covers the length, which is never 0, so
 * zeros are never a record; and it covers the file number, so a record of another WAL is none of this one, though a
 * power loss may leave one where that WAL's blocks are used again. Every record also says how many bytes of the file
 * were durable when it was made: a bad record among those is damage, one behind them may be a write that a power loss
 * took. (The sync chunks of Pebble's WAL do the same.) Limits on keys and values are not the format's
 * business.
 */
export type WalWrite =
  | { readonly kind: 'value'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: 'tombstone'; readonly key: Uint8Array };

/** The i-th write of a batch has the sequence number `sequence + i`. */
export interface WalBatch {
  readonly sequence: number;
  /** None in a record that is there for what it says about durability only. */
  readonly writes: readonly WalWrite[];
}

export const WAL_FORMAT_VERSION = 2;
/** Magic, version, file number, checksum. */
export const WAL_HEADER_BYTES = 17;
/** Length and checksum, before the payload. */
export const WAL_FRAME_BYTES = 8;
/** Sequence number, durable bytes, and a count of zero. */
export const WAL_PAYLOAD_BYTES_MIN = 10;
export const WAL_TYPE_VALUE = 1;
export const WAL_TYPE_TOMBSTONE = 2;

const MAGIC = Uint8Array.of(0x4e, 0x4c, 0x57, 0x4c);

/** The first bytes of the WAL with this file number. */
export function encodeHeader(number: number): Uint8Array {
  const writer = new ByteWriter(WAL_HEADER_BYTES).bytes(MAGIC).u8(WAL_FORMAT_VERSION).u64(number);
  return writer.u32(crc32(writer.finish())).finish();
}

/** What is wrong with the header at the beginning of a file, in words; undefined if nothing is. */
export function headerProblem(bytes: Uint8Array, number: number): string | undefined {
  if (bytes.length < WAL_HEADER_BYTES) return 'the file ends inside of the header';
  const header = bytes.subarray(0, WAL_HEADER_BYTES);
  const cursor = new Cursor(header);
  if (Buffer.compare(cursor.bytes(MAGIC.length), MAGIC) !== 0)
    return 'this is not a WAL (its magic is wrong)';
  const version = cursor.u8();
  if (version !== WAL_FORMAT_VERSION) {
    return `WAL format version ${version}, but this engine reads version ${WAL_FORMAT_VERSION} only`;
  }
  if (Buffer.compare(header, encodeHeader(number)) === 0) return undefined;
  return `the header is damaged or belongs to another file (expected file number ${number})`;
}

/** Whether the `count` sequence numbers from `sequence` on are all valid. */
export function isSpan(sequence: number, count: number): boolean {
  return sequence >= 1 && sequence - 1 <= Number.MAX_SAFE_INTEGER - count;
}

function checksum(fileNumber: number, length: Uint8Array, payload: Uint8Array): number {
  return crc32(new ByteWriter(8).u64(fileNumber).finish(), length, payload);
}

/** What stands at an offset. Keys and values of the batch are views on the bytes given. */
export type WalDecoding =
  | {
      readonly kind: 'record';
      readonly batch: WalBatch;
      /** How many bytes of the file were known to be durable when the record was made. */
      readonly durableBytes: number;
      readonly end: number;
    }
  /** Cut, or damaged, or never a record of this file. */
  | { readonly kind: 'bad'; readonly problem: string }
  /** The checksum is right, yet the payload is not one that the encoder makes. */
  | { readonly kind: 'malformed'; readonly problem: string };

/** Reads the record at `offset` of the WAL with this file number, whatever the bytes are. Never throws. */
export function decodeRecord(bytes: Uint8Array, offset: number, fileNumber: number): WalDecoding {
  const start = offset + WAL_FRAME_BYTES;
  if (start > bytes.length) return { kind: 'bad', problem: 'the file ends inside of a record' };
  const cursor = new Cursor(bytes, offset);
  const length = cursor.u32();
  const expected = cursor.u32();
  if (length < WAL_PAYLOAD_BYTES_MIN) return { kind: 'bad', problem: `no record has a length of ${length}` };
  const end = start + length;
  if (end > bytes.length) {
    return { kind: 'bad', problem: `the record ends at byte ${end}, the file at byte ${bytes.length}` };
  }
  if (checksum(fileNumber, bytes.subarray(offset, offset + 4), bytes.subarray(start, end)) !== expected) {
    return { kind: 'bad', problem: 'the checksum does not match' };
  }
  const payload = decodePayload(new Cursor(bytes, start, end));
  return typeof payload === 'string'
    ? { kind: 'malformed', problem: payload }
    : { kind: 'record', ...payload, end };
}

/** Reads a payload that fills the cursor, or says in words why it is none. */
function decodePayload(cursor: Cursor): { readonly batch: WalBatch; readonly durableBytes: number } | string {
  try {
    const sequence = cursor.u64();
    const durableBytes = cursor.varint();
    const count = cursor.varint();
    if (!isSpan(sequence, count)) return `${count} writes from sequence number ${sequence} are impossible`;
    const writes: WalWrite[] = [];
    while (writes.length < count) {
      const type = cursor.u8();
      if (type !== WAL_TYPE_VALUE && type !== WAL_TYPE_TOMBSTONE) return `no write has the type ${type}`;
      const key = cursor.lengthPrefixed();
      if (type === WAL_TYPE_VALUE) writes.push({ kind: 'value', key, value: cursor.lengthPrefixed() });
      else writes.push({ kind: 'tombstone', key });
    }
    if (cursor.remaining > 0) return `${cursor.remaining} bytes follow the last write`;
    return { batch: { sequence, writes }, durableBytes };
  } catch (error) {
    if (error instanceof CursorError) return `the payload is ${error.message}`;
    throw error;
  }
}
