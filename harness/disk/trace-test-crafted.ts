import CRC32 from 'crc-32';
import { CHUNK_KINDS } from './trace-chunk.js';
import { TraceError, type TraceErrorCode } from './trace-error.js';

/** For tests: a file with these payloads and right checksums, as somebody could make who wants to do harm. */
export function crafted(
  chunks: readonly {
    readonly kind?: keyof typeof CHUNK_KINDS;
    readonly coding: number;
    readonly payload: Uint8Array;
  }[],
): Uint8Array {
  const header = Buffer.from('NLTR\u0001\u0000', 'latin1');
  let checksum = CRC32.buf(header);
  const parts: Uint8Array[] = [header];
  for (const { kind, coding, payload } of chunks) {
    const head = Buffer.alloc(14);
    head[0] = CHUNK_KINDS[kind ?? (parts.length === 1 ? 'disk' : 'entries')];
    head[1] = coding;
    head.writeUInt32LE(payload.length, 2);
    head.writeInt32LE(CRC32.buf(payload), 6);
    checksum = CRC32.buf(head.subarray(0, 10), checksum);
    head.writeInt32LE(checksum, 10);
    parts.push(head, payload);
  }
  return Buffer.concat(parts);
}

/** The first chunk of a file whose disk was empty. */
export const NO_DISK = { kind: 'disk', coding: 0, payload: Uint8Array.of(0, 0) } as const;

/** The code of the TraceError that is thrown. */
export function codeOf(read: () => unknown): TraceErrorCode | 'no error' {
  try {
    read();
  } catch (error) {
    if (error instanceof TraceError) return error.code;
    throw error;
  }
  return 'no error';
}
