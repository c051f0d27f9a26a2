import CRC32 from 'crc-32';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { TraceReader, TraceWriter } from './trace-bytes.js';
import { TraceError } from './trace-error.js';
import { TRACE_BYTES_MAX } from './trace-limits.js';

/**
 * The frame of a trace file: a header of six bytes, then chunks that are appended one by one. The header of a chunk
 * holds the checksum of its payload and a checksum of its own, which goes on from that of the chunk before. So no
 * damaged length is believed, and a chunk that is missing, doubled or moved does not fit. Byte by byte:
 * docs/trace-format.md.
 */
export const CHUNK_KINDS = { disk: 1, entries: 2, end: 3 } as const;
export type ChunkKind = keyof typeof CHUNK_KINDS;

export const FORMAT_VERSION = 1;
export const FILE_HEADER_BYTES = 6;
export const CHUNK_HEADER_BYTES = 14;

/** Makes chunks, in the order in which they are appended. */
export class ChunkEncoder {
  #checksum = 0;

  fileHeader(): Uint8Array {
    const header = Uint8Array.of(...MAGIC, FORMAT_VERSION & 0xff, FORMAT_VERSION >> 8);
    this.#checksum = CRC32.buf(header);
    return header;
  }

  chunk(kind: ChunkKind, raw: Uint8Array): Uint8Array {
    const deflated = raw.length < DEFLATE_BYTES_MIN ? raw : withLength(raw.length, deflateRawSync(raw));
    const payload = deflated.length < raw.length ? deflated : raw;
    const bytes = new Uint8Array(CHUNK_HEADER_BYTES + payload.length);
    const view = new DataView(bytes.buffer);
    bytes[0] = CHUNK_KINDS[kind];
    bytes[1] = payload === raw ? CODING_PLAIN : CODING_DEFLATE;
    view.setUint32(2, payload.length, true);
    view.setInt32(6, CRC32.buf(payload), true);
    this.#checksum = CRC32.buf(bytes.subarray(0, CHECKED_BYTES), this.#checksum);
    view.setInt32(CHECKED_BYTES, this.#checksum, true);
    bytes.set(payload, CHUNK_HEADER_BYTES);
    return bytes;
  }
}

/** Takes a file apart. Throws TraceError; nothing that it allocates is larger than the checked bytes justify. */
export class ChunkDecoder {
  readonly #file: Uint8Array;
  readonly #name: string;
  #checksum: number;
  #rawBytes = 0;
  /** Where the next chunk begins. */
  offset = FILE_HEADER_BYTES;

  /** `name` is that of the file, for messages. */
  constructor(file: Uint8Array, name: string) {
    // Never a Buffer, whose slice would not copy.
    this.#file = new Uint8Array(file.buffer, file.byteOffset, file.length);
    this.#name = name;
    if (file.length > TRACE_BYTES_MAX) this.#fail('too-large', TRACE_BYTES_MAX, 'the end', 'more bytes');
    const wrong = MAGIC.findIndex((byte, index) => index < file.length && file[index] !== byte);
    if (wrong !== -1) {
      const start = JSON.stringify(Buffer.from(file.subarray(0, 4)).toString('latin1'));
      this.#fail('not-a-trace', 0, 'a trace, which starts with "NLTR",', start.replace(/[^\x20-\x7e]/g, '?'));
    }
    if (file.length < FILE_HEADER_BYTES) {
      const got = file.length === 0 ? 'an empty file' : 'the end of the file';
      this.#fail('cut', file.length, `a header of ${FILE_HEADER_BYTES} bytes`, got);
    }
    const version = new DataView(file.buffer, file.byteOffset).getUint16(4, true);
    if (version !== FORMAT_VERSION)
      this.#fail('wrong-version', 4, `version ${FORMAT_VERSION} of the trace format`, `version ${version}`);
    this.#checksum = CRC32.buf(file.subarray(0, FILE_HEADER_BYTES));
  }

  /** The next chunk; undefined if the file ends before it does. */
  next(): { readonly kind: ChunkKind; readonly payload: TraceReader } | undefined {
    const start = this.offset;
    const header = this.#file.subarray(start, start + CHUNK_HEADER_BYTES);
    if (header.length < CHUNK_HEADER_BYTES) return undefined;
    const view = new DataView(header.buffer, header.byteOffset, header.length);
    const checksum = CRC32.buf(header.subarray(0, CHECKED_BYTES), this.#checksum);
    this.#expectChecksum(start + CHECKED_BYTES, 'header', checksum, view.getInt32(CHECKED_BYTES, true));
    const length = view.getUint32(2, true);
    if (length > TRACE_BYTES_MAX)
      this.#fail('too-large', start + 2, `at most ${TRACE_BYTES_MAX} bytes in a chunk`, `${length}`);
    const payload = this.#file.subarray(start + CHUNK_HEADER_BYTES, start + CHUNK_HEADER_BYTES + length);
    if (payload.length < length) return undefined;
    this.#expectChecksum(start + 6, 'payload', CRC32.buf(payload), view.getInt32(6, true));
    const kind = KINDS.find((known) => CHUNK_KINDS[known] === header[0]);
    if (kind === undefined) this.#fail('corrupt', start, 'a chunk of kind 1 to 3', `kind ${header[0]}`);
    const reader = this.#plain(payload, start, header[1] ?? 0);
    this.#checksum = checksum;
    this.offset = start + CHUNK_HEADER_BYTES + length;
    return { kind, payload: reader };
  }

  /** Throws if bytes follow what was read. */
  expectEnd(): void {
    const rest = this.#file.length - this.offset;
    if (rest > 0) this.#fail('corrupt', this.offset, 'the end of the file', `${rest} more bytes`);
  }

  #plain(payload: Uint8Array, start: number, coding: number): TraceReader {
    const inFile = { file: this.#name, offset: start + CHUNK_HEADER_BYTES, inflated: false };
    if (coding === CODING_PLAIN) {
      this.#count(payload.length, start);
      return new TraceReader(payload, inFile);
    }
    if (coding !== CODING_DEFLATE) this.#fail('corrupt', start + 1, 'coding 0 or 1', `${coding}`);
    const reader = new TraceReader(payload, inFile);
    const length = reader.varint(TRACE_BYTES_MAX, 'the inflated length of the chunk');
    const deflated = reader.rest();
    this.#count(length, start);
    if (length > deflated.length * DEFLATE_RATIO_MAX)
      this.#fail('corrupt', start, `${length} bytes after inflating`, `only ${deflated.length} to inflate`);
    const bytes = this.#inflate(deflated, length, start);
    return new TraceReader(bytes, { ...inFile, offset: start, inflated: true });
  }

  #inflate(deflated: Uint8Array, length: number, start: number): Uint8Array {
    let bytes: Uint8Array | undefined;
    try {
      bytes = inflateRawSync(deflated, { maxOutputLength: Math.max(1, length) });
    } catch {
      // zlib's own words add nothing to what is said below.
    }
    if (bytes?.length === length) return new Uint8Array(bytes.buffer, bytes.byteOffset, length);
    const got = bytes === undefined ? 'bytes that do not inflate to it' : `${bytes.length}`;
    return this.#fail('corrupt', start, `a chunk of ${length} bytes after inflating`, got);
  }

  #count(rawBytes: number, start: number): void {
    this.#rawBytes += rawBytes;
    if (this.#rawBytes > TRACE_BYTES_MAX)
      this.#fail('too-large', start, `at most ${TRACE_BYTES_MAX} bytes in all chunks`, 'more');
  }

  #expectChecksum(offset: number, what: string, computed: number, stored: number): void {
    if (computed === stored) return;
    this.#fail('corrupt', offset, `checksum ${hex(computed)} of a chunk's ${what}`, hex(stored));
  }

  #fail(code: TraceError['code'], offset: number, expected: string, got: string): never {
    throw new TraceError(code, { file: this.#name, offset, expected, got });
  }
}

const MAGIC = [0x4e, 0x4c, 0x54, 0x52]; // "NLTR"
const KINDS = Object.keys(CHUNK_KINDS) as ChunkKind[];
const CHECKED_BYTES = 10;
const CODING_PLAIN = 0;
const CODING_DEFLATE = 1;
/** Below this the attempt costs more than it saves. */
const DEFLATE_BYTES_MIN = 128;
/** Deflate's own limit: at best 258 bytes in two bits (https://zlib.net/zlib_tech.html). */
const DEFLATE_RATIO_MAX = 1032;

function withLength(length: number, deflated: Uint8Array): Uint8Array {
  const writer = new TraceWriter();
  writer.varint(length);
  writer.bytes(deflated);
  return writer.take();
}

function hex(checksum: number): string {
  return (checksum >>> 0).toString(16).padStart(8, '0');
}
