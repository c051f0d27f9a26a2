import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from './crc.js';

test('agrees with zlib on arbitrary bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
      expect(crc32(bytes)).toBe(zlibCrc32(bytes));
    }),
  );
});

test('agrees with zlib on an input long enough for the unrolled loop', () => {
  const bytes = Uint8Array.from({ length: 100_003 }, (_, index) => (index * 31) & 0xff);
  expect(crc32(bytes)).toBe(zlibCrc32(bytes));
});

test('of several parts is the checksum of their concatenation', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (parts) => {
      expect(crc32(...parts)).toBe(zlibCrc32(Buffer.concat(parts)));
    }),
  );
});

test('is unsigned', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});
