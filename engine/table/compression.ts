import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Cursor, CursorError } from '../bytes/cursor.js';
import { ByteWriter, varintBytes } from '../bytes/writer.js';
import { corrupt, type EngineError } from '../errors.js';

/**
 * A compressed block: its length before compression (varint), then a raw deflate stream (RFC 1951) that ends with the
 * last byte. The length is believed only if deflate can have made it out of so few bytes and a block can be so long, so
 * that a stream which grows without end is refused before anything is allocated for it.
 */

/**
 * The block compressed, with `spareBytes` bytes of room behind it; undefined if it does not get smaller. Which bytes
 * zlib makes of a block may differ from one version or processor to another.
 */
export function compressBlock(block: Uint8Array, spareBytes: number): Uint8Array | undefined {
  const stream = deflateRawSync(block, { level: LEVEL });
  const size = varintBytes(block.length) + stream.length;
  if (size >= block.length) return undefined;
  const stored = new ByteWriter(size + spareBytes).varint(block.length).bytes(stream);
  return stored.bytes(new Uint8Array(spareBytes)).finish();
}

/** The block of which `stored` was made; ENGINE_CORRUPT at `offset`, where it begins in the file, if it is none. */
export function decompressBlock(file: string, offset: number, stored: Uint8Array): Uint8Array {
  const damage = (problem: string, cause?: unknown): EngineError =>
    corrupt(file, offset, `the compressed block: ${problem}`, cause);
  const { length, stream } = splitStored(stored, damage);
  if (length > BLOCK_BYTES_MAX || length > stream.length * RATIO_MAX) {
    throw damage(`${stream.length} bytes cannot hold the ${length} that they should`);
  }
  const { block, read } = inflate(stream, length, damage);
  if (block.length !== length) throw damage(`expected ${length} bytes, got ${block.length}`);
  if (read !== stream.length) throw damage(`${stream.length - read} bytes follow the stream`);
  return block;
}

/** Of 4 KiB, level 1 takes half the time of the default, 6, and leaves a few percent more. */
const LEVEL = 1;

/** More than a block of the largest `blockBytes` can have with the largest entry as its last. */
const BLOCK_BYTES_MAX = 128 * 1024 * 1024;

/** Deflate makes at most 258 bytes out of two bits. */
const RATIO_MAX = 1_032;

type Damage = (problem: string, cause?: unknown) => EngineError;

function splitStored(stored: Uint8Array, damage: Damage): { length: number; stream: Uint8Array } {
  const cursor = new Cursor(stored);
  try {
    return { length: cursor.varint(), stream: cursor.bytes(cursor.remaining) };
  } catch (error) {
    if (!(error instanceof CursorError)) throw error;
    throw damage(`its length is ${error.reason}`, error);
  }
}

/** The output, and how many bytes of the stream it was made of. */
function inflate(stream: Uint8Array, length: number, damage: Damage): { block: Uint8Array; read: number } {
  try {
    // One byte more than needed, so that one round of zlib is enough.
    const chunkSize = Math.max(CHUNK_BYTES_MIN, length + 1);
    const { buffer, engine } = inflateRawSync(stream, {
      chunkSize,
      maxOutputLength: Math.max(1, length),
      info: true,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    return {
      block: new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length),
      read: engine.bytesWritten,
    };
  } catch (error) {
    throw damage(error instanceof Error ? error.message : String(error), error);
  }
}

/** The smallest that zlib takes. */
const CHUNK_BYTES_MIN = 64;
