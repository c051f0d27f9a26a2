import {
  WAL_FRAME_BYTES,
  WAL_PAYLOAD_BYTES_MIN,
  WAL_TYPE_TOMBSTONE,
  WAL_TYPE_VALUE,
  decodeRecord,
} from './record.js';

/**
 * Looks behind a bad record for a good one. A write that a crash cut short is the last thing in its file; so if a
 * record follows, the bad one was damaged later, and what it held may have been acknowledged.
 *
 * The length of a bad record cannot be trusted, so every byte may be where a record begins. To look is cheap, since
 * a candidate is checked from the cheapest test to the dearest: its length fits, its sequence number is possible,
 * its writes lead exactly to its end, its checksum is right. Values chosen to pass all but the last test could still
 * make this quadratic, so the effort is limited to a multiple of the tail.
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
/** A varint has no more. */
const COUNT_BYTES_MAX = 8;

/** The first good record that begins behind `start` and has a sequence number of `sequenceMin` or more. */
export function findRecordAfter(bytes: Uint8Array, start: number, sequenceMin: number): WalSearch {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const offsetMax = bytes.length - WAL_FRAME_BYTES - WAL_PAYLOAD_BYTES_MIN;
  let effort = EFFORT_MIN + EFFORT * (bytes.length - start);
  for (let offset = start + 1; offset <= offsetMax; offset++) {
    const length = view.getUint32(offset, true);
    if (!isPossible(view, offset, length, sequenceMin)) continue;
    const walk = walkWrites(bytes, offset + WAL_FRAME_BYTES + 8, offset + WAL_FRAME_BYTES + length);
    effort -= walk.writes * WRITE_EFFORT;
    if (walk.fits) effort -= length;
    if (effort < 0) return { kind: 'unclear' };
    if (walk.fits && decodeRecord(bytes, offset).kind === 'record') return { kind: 'found', offset };
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
 * Steps over the count and the writes from `start` on without reading them, and says how many writes it tried and
 * whether the last one ends at `end`. Unlike `decodePayload` it neither throws nor allocates by the write, since most
 * of what it sees is no record.
 */
function walkWrites(bytes: Uint8Array, start: number, end: number): { writes: number; fits: boolean } {
  let position = start;
  while (position < start + COUNT_BYTES_MAX && (bytes[position] as number) >= 0x80) position++;
  position++;
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
  let length = 0;
  let position = start;
  for (let scale = 1; position < end && scale < 2 ** 56; scale *= 0x80) {
    const byte = bytes[position++] as number;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) return position + length;
  }
  return end + 1;
}
