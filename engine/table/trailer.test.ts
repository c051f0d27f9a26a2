import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sealBlock, sealCompressed, readBlock, TRAILER_BYTES, writeTrailer } from './trailer.js';
import { unlessCorrupt } from './table-test-arbitraries.js';

/** A file that holds `bytes` and nothing else. */
const fileOf = (bytes: Uint8Array) => ({
  path: 'l0/000001.sst',
  read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
});
const read = (bytes: Uint8Array, offset = 0) =>
  readBlock(fileOf(bytes), offset, bytes.length - offset - TRAILER_BYTES, 'get/sst.read');

test('a sealed block is read back, wherever it lies', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 9 }), (block, offset) => {
      const file = Buffer.concat([new Uint8Array(offset), sealBlock(block)]);
      expect(new Uint8Array(read(file, offset))).toEqual(block);
    }),
  );
});

test('a trailer written in place gives the same bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: TRAILER_BYTES, maxLength: 600 }), (buffer) => {
      const expected = sealBlock(buffer.subarray(0, -TRAILER_BYTES));
      expect(writeTrailer(buffer, buffer.length - TRAILER_BYTES, 'none')).toEqual(expected);
    }),
  );
});

test('a compressed block is read back as it was', () => {
  const block = new Uint8Array(Buffer.alloc(5_000, 'nine lives '));
  const sealed = sealCompressed(block);
  expect(sealed?.length).toBeLessThan(200);
  expect(sealed && read(sealed)).toEqual(block);
  expect(sealCompressed(Uint8Array.of(1, 2, 3))).toBeUndefined();
});

test('any flipped bit is noticed', () => {
  const sealed = sealBlock(Buffer.from('nine lives'));
  for (let bit = 0; bit < 8 * sealed.length; bit++) {
    const bytes = Uint8Array.from(sealed);
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => read(bytes)).toThrow('does not match its checksum');
  }
});

test('a compression that is not known is named, and a block that is cut is damage', () => {
  const sealed = sealBlock(Buffer.from('nine lives'));
  const unknown = writeTrailer(Uint8Array.from(sealed), 10, 'none');
  expect(unknown).toEqual(sealed);
  expect(() => readBlock(fileOf(sealed), 0, 11, 'get/sst.read')).toThrow(
    'expected a block of 16 bytes, got 15',
  );
});

test('arbitrary bytes that are sealed as compressed come back within the bound or are reported as damage', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (stored) => {
      const buffer = Buffer.concat([stored, new Uint8Array(TRAILER_BYTES)]);
      const block = unlessCorrupt(() => read(writeTrailer(buffer, stored.length, 'deflate')));
      if (block !== undefined) expect(block.length).toBeLessThanOrEqual(1_032 * stored.length);
    }),
    { numRuns: 1_000 },
  );
});
