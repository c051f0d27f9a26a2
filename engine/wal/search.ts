import {
  WAL_FRAME_BYTES,
  WAL_PAYLOAD_BYTES_MIN,
  WAL_TYPE_TOMBSTONE,
  WAL_TYPE_VALUE,
  decodeRecord,
} from './record.js';

/**
 * Looks behind a bad record for a witness: a good record which says that the bad one's place was durable when the
 * witness was made. Then the bad one was damaged later, and what it held may have been acknowledged. A good record
 * that does not say so proves nothing: a power loss may keep a later page and lose an earlier one.
 *
 * The length of a bad record cannot be trusted, so every byte may be where a record begins. To look is cheap, since
 * a candidate is checked from the cheapest test to the dearest: its length fits, its sequence number is possible, it
 * says what is asked for, its writes lead exactly to its end, its checksum is right. Values chosen to pass all but
 * the last test could still make this quadratic, so the effort is limited to a multiple of the tail.
 */
export type WalSearch =
  | { readonly kind: 'found'; readonly offset: number }
  | { readonly kind: 'none' }
  /** The limit was reached, so nobody knows. Does not happen but to bytes made for it. */
  | { readonly kind: 'unclear' };

/** Effort allowed for each byte of the tail, in bytes that go through a checksum: two seconds for 64 MiB. */
const EFFORT = 32;
const EFFORT_MIN = 65_536;
/** To step over a write takes about as long as the checksum of this many bytes. */
const WRITE_EFFORT = 8;

/**
 * The first good record of the WAL `fileNumber` that begins at `start` or behind it, has a sequence number of
 * `sequenceMin` or more, and says that byte `start` was durable.
 */
export function findWitness(
  bytes: Uint8Array,
  start: number,
  fileNumber: number,
  sequenceMin: number,
): WalSearch {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const offsetMax = bytes.length - WAL_FRAME_BYTES - WAL_PAYLOAD_BYTES_MIN;
  let effort = EFFORT_MIN + EFFORT * (bytes.length - start);
  for (let offset = start; offset <= offsetMax; offset++) {
    const length = view.getUint32(offset, true);
    if (!isPossible(view, offset, length, sequenceMin)) continue;
    const end = offset + WAL_FRAME_BYTES + length;
    const durable = readVarint(bytes, offset + WAL_FRAME_BYTES + 8, end);
    if (durable.value <= start) continue;
    const walk = walkWrites(bytes, readVarint(bytes, durable.end, end).end, end);
    effort -= walk.writes * WRITE_EFFORT;
    if (walk.fits) effort -= length;
    if (effort < 0) return { kind: 'unclear' };
    if (walk.fits && decodeRecord(bytes, offset, fileNumber).kind === 'record')
      return { kind: 'found', offset };
  }
  return { kind: 'none' };
}

function isPossible(view: DataView, offset: number, length: number, sequenceMin: number): boolean {
  const payload = offset + WAL_FRAME_BYTES;
  if (length < WAL_PAYLOAD_BYTES_MIN || length > view.byteLength - payload) return false;
  const sequence = view.getUint32(payload + 4, true) * 2 ** 32 + view.getUint32(payload, true);
  return sequence >= sequenceMin && sequence <= Number.MAX_SAFE_INTEGER;
}

/**
 * Steps over the writes from `start` on without reading them, and says how many it tried and whether the last one
 * ends at `end`. Unlike `decodeRecord` it neither throws nor makes the batch, since most of what it sees is no record.
 */
function walkWrites(bytes: Uint8Array, start: number, end: number): { writes: number; fits: boolean } {
  let position = start;
  let writes = 0;
  while (position < end) {
    writes++;
    const type = bytes[position];
    if (type !== WAL_TYPE_VALUE && type !== WAL_TYPE_TOMBSTONE) return { writes, fits: false };
    position = endOfField(bytes, position + 1, end);
    if (type === WAL_TYPE_VALUE) position = endOfField(bytes, position, end);
  }
  return { writes, fits: position === end };
}

/** Where a length-prefixed field ends; past `end` if it does not fit. */
function endOfField(bytes: Uint8Array, start: number, end: number): number {
  const length = readVarint(bytes, start, end);
  return length.end + length.value;
}

/** The varint at `start`; if it does not end before `end`, its own end lies past that. */
function readVarint(bytes: Uint8Array, start: number, end: number): { value: number; end: number } {
  let value = 0;
  let position = start;
  for (let scale = 1; position < end && scale < 2 ** 56; scale *= 0x80) {
    const byte = bytes[position++] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, end: position };
  }
  return { value, end: end + 1 };
}
