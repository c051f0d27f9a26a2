import CRC32 from 'crc-32';

/**
 * CRC-32 (ISO-HDLC, the polynomial of gzip and zlib), the checksum of every file of the engine. It finds every
 * burst of up to 32 damaged bits, so every single damaged byte, and misses other damage once in 2^32. It is no
 * protection against somebody who changes the bytes on purpose.
 *
 * Takes one or more parts and gives the checksum of their concatenation, as an unsigned number of 32 bits.
 */
export function crc32(...parts: readonly Uint8Array[]): number {
  let signed = 0;
  for (const part of parts) signed = CRC32.buf(part, signed);
  return signed >>> 0;
}
