import { crc32 } from '../bytes/crc.js';
import { corrupt } from '../errors.js';
import type { EngineOptions } from '../options.js';
import type { ReadLabel } from '../vfs/step.js';
import type { VfsFile } from '../vfs/vfs.js';
import { compressBlock, decompressBlock } from './compression.js';

/**
 * How a block lies in a file: its bytes, then a trailer of one compression byte and a CRC-32 (u32) over what is stored
 * and that byte. Compression 0 is none, 1 is deflate (compression.ts), all other values are reserved. Nothing of a
 * block is looked at before its length and checksum are known to be right.
 */
export const TRAILER_BYTES = 5;

const COMPRESSIONS = { none: 0, deflate: 1 } as const satisfies Record<EngineOptions['compression'], number>;

/** A block with its trailer, in an array of its own. */
export function sealBlock(block: Uint8Array): Uint8Array {
  const sealed = new Uint8Array(block.length + TRAILER_BYTES);
  sealed.set(block);
  return writeTrailer(sealed, block.length, 'none');
}

/** The same compressed; undefined if that makes it no smaller. */
export function sealCompressed(block: Uint8Array): Uint8Array | undefined {
  const sealed = compressBlock(block, TRAILER_BYTES);
  return sealed && writeTrailer(sealed, sealed.length - TRAILER_BYTES, 'deflate');
}

/** Writes a trailer behind the first `size` bytes of `buffer` and gives both as a view. */
export function writeTrailer(
  buffer: Uint8Array,
  size: number,
  compression: EngineOptions['compression'],
): Uint8Array {
  buffer[size] = COMPRESSIONS[compression];
  const checksum = crc32(buffer.subarray(0, size + 1));
  for (let byte = 0; byte < 4; byte++) buffer[size + 1 + byte] = checksum >>> (8 * byte);
  return buffer.subarray(0, size + TRAILER_BYTES);
}

/**
 * Reads and checks the block of `size` stored bytes (trailer not counted) at `offset`; gives it as it was before it
 * was compressed, without its trailer. Throws ENGINE_CORRUPT with that offset if it is cut, does not match its checksum
 * or cannot be decompressed.
 */
export function readBlock(
  file: Pick<VfsFile, 'path' | 'read'>,
  offset: number,
  size: number,
  label: ReadLabel,
): Uint8Array {
  const sealed = file.read(offset, size + TRAILER_BYTES, label);
  if (sealed.length !== size + TRAILER_BYTES) {
    throw corrupt(
      file.path,
      offset,
      `expected a block of ${size + TRAILER_BYTES} bytes, got ${sealed.length}`,
    );
  }
  const expected = new DataView(sealed.buffer, sealed.byteOffset).getUint32(size + 1, true);
  if (crc32(sealed.subarray(0, size + 1)) !== expected) {
    throw corrupt(file.path, offset, 'the block does not match its checksum');
  }
  const compression = sealed[size];
  if (compression === COMPRESSIONS.none) return sealed.subarray(0, size);
  if (compression === COMPRESSIONS.deflate)
    return decompressBlock(file.path, offset, sealed.subarray(0, size));
  throw corrupt(
    file.path,
    offset,
    `the block has compression ${compression}; this engine reads only 0 (none) and 1 (deflate)`,
  );
}
