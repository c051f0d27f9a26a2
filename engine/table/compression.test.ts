import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteWriter } from '../bytes/writer.js';
import { EngineError } from '../errors.js';
import { compressBlock, decompressBlock } from './compression.js';
import { unlessCorrupt } from './table-test-arbitraries.js';

const FILE = 'l0/000001.sst';
const decompress = (stored: Uint8Array) => decompressBlock(FILE, 50, stored);
const stored = (length: number, stream: Uint8Array) => new ByteWriter().varint(length).bytes(stream).finish();

/** Bytes with repetitions, so that they get smaller more often than not. */
const block = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 30 })), {
    maxLength: 20,
  })
  .map((parts) =>
    Uint8Array.from(
      parts.flatMap(([bytes, times]) =>
        Array<number[]>(times)
          .fill([...bytes])
          .flat(),
      ),
    ),
  );

test('a block that was compressed is smaller, and comes back as it was', () => {
  let compressed = 0;
  fc.assert(
    fc.property(block, fc.nat({ max: 8 }), (bytes, spareBytes) => {
      const found = compressBlock(bytes, spareBytes);
      if (found === undefined) return;
      compressed++;
      const content = found.subarray(0, found.length - spareBytes);
      expect(content.length).toBeLessThan(bytes.length);
      expect(decompress(content)).toEqual(bytes);
    }),
  );
  expect(compressed).toBeGreaterThan(20);
});

test('bytes that do not get smaller are not compressed', () => {
  // No byte comes twice.
  const noise = Uint8Array.from({ length: 256 }, (_, index) => (index * 167) & 0xff);
  expect(compressBlock(noise, 0)).toBeUndefined();
  expect(compressBlock(new Uint8Array(0), 0)).toBeUndefined();
});

test('a stream that grows beyond its length is refused before it is made', () => {
  const bomb = deflateRawSync(new Uint8Array(50_000_000));
  expect(() => decompress(stored(1_000, bomb))).toThrow('larger than 1000 bytes');
  expect(() => decompress(stored(0, bomb))).toThrow('larger than 1 byte');
});

test('a length that deflate cannot reach, or that no block has, is refused before anything is allocated', () => {
  expect(() => decompress(stored(2 ** 40, new Uint8Array(100)))).toThrow('100 bytes cannot hold');
  expect(() => decompress(stored(2 ** 30, new Uint8Array(2 ** 21)))).toThrow('cannot hold the 1073741824');
  expect(() => decompress(stored(103_201, new Uint8Array(100)))).toThrow('cannot hold the 103201');
});

test('a stream that gives less than its length, that is cut, or that something follows, is damage', () => {
  const stream = deflateRawSync(new Uint8Array(3_000).fill(7));
  expect(decompress(stored(3_000, stream))).toHaveLength(3_000);
  expect(() => decompress(stored(3_001, stream))).toThrow('expected 3001 bytes, got 3000');
  expect(() => decompress(stored(3_000, stream.subarray(0, -1)))).toThrow(EngineError);
  expect(() => decompress(stored(3_000, Buffer.concat([stream, Uint8Array.of(0)])))).toThrow(
    '1 bytes follow',
  );
  const unfinished = deflateRawSync(new Uint8Array(3_000), { finishFlush: constants.Z_SYNC_FLUSH });
  expect(() => decompress(stored(3_000, unfinished))).toThrow(EngineError);
});

test('arbitrary and mutated bytes come back within the bound or are reported as damage', () => {
  const good = stored(300, deflateRawSync(Buffer.alloc(300, 'nine lives ')));
  const mutated = fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })).map(([at, byte]) => {
    const bytes = Uint8Array.from(good);
    bytes[at] = byte;
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), mutated), (bytes) => {
      const found = unlessCorrupt(() => decompress(bytes));
      if (found !== undefined) expect(found.length).toBeLessThanOrEqual(1_032 * bytes.length);
    }),
    { numRuns: 2_000 },
  );
});
