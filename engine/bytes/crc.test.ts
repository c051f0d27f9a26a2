import CRC32 from 'crc-32';
import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from './crc.js';

/** Sizes on both sides of the one from which on zlib does the work. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 600 }),
  fc.uint8Array({ minLength: 2_000, maxLength: 5_000 }),
);

test('the package, zlib and the engine agree on arbitrary bytes', () => {
  fc.assert(
    fc.property(bytes, (one) => {
      expect([crc32(one), CRC32.buf(one) >>> 0]).toEqual([zlibCrc32(one), zlibCrc32(one)]);
    }),
    { numRuns: 500 },
  );
});

test('agrees with both on every size around the one from which on zlib does the work', () => {
  const all = Uint8Array.from({ length: 600 }, (_, index) => (index * 31) & 0xff);
  for (let length = 0; length <= all.length; length++) {
    const one = all.subarray(0, length);
    expect([crc32(one), CRC32.buf(one) >>> 0]).toEqual([zlibCrc32(one), zlibCrc32(one)]);
  }
});

test('agrees with zlib on an input long enough for the unrolled loop', () => {
  const long = Uint8Array.from({ length: 100_003 }, (_, index) => (index * 31) & 0xff);
  expect(crc32(long)).toBe(zlibCrc32(long));
});

test('of several parts, small and large, is the checksum of their concatenation', () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 6 }), (parts) => {
      expect(crc32(...parts)).toBe(zlibCrc32(Buffer.concat(parts)));
    }),
  );
});

test('is unsigned', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});
