import { crc32 } from '../bytes/crc.js';
import { ByteWriter } from '../bytes/writer.js';
import { corrupt } from '../errors.js';
import type { VfsFile } from '../vfs/vfs.js';
import type { ReadLabel } from '../vfs/step.js';

/**
 * How a block lies in a file: its bytes, then a trailer of one compression byte and a CRC-32 (u32) over the block
 * and that byte. Compression 0 is none; all other values are reserved. Nothing of a block is looked at before its
 * length and checksum are known to be right.
 */
export const TRAILER_BYTES = 5;

const UNCOMPRESSED = 0;

/** A block with its trailer, ready to be written. */
export function sealBlock(block: Uint8Array): Uint8Array {
  const compression = Uint8Array.of(UNCOMPRESSED);
  return new ByteWriter(block.length + TRAILER_BYTES)
    .bytes(block)
    .bytes(compression)
    .u32(crc32(block, compression))
    .finish();
}

/**
 * Reads and checks the block of `size` bytes (trailer not counted) at `offset`; gives it without its trailer.
 * Throws ENGINE_CORRUPT with that offset if it is cut, does not match its checksum or is compressed.
 */
export function readBlock(file: VfsFile, offset: number, size: number, label: ReadLabel): Uint8Array {
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
  if (compression !== UNCOMPRESSED) {
    throw corrupt(
      file.path,
      offset,
      `the block has compression ${compression}; this engine reads only 0 (none)`,
    );
  }
  return sealed.subarray(0, size);
}
