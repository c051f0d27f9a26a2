import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyBytes } from './copy.js';

test('copies the part asked for and nothing else, out of plain arrays, views and Buffers', () => {
  const source = fc.oneof(
    fc.uint8Array({ maxLength: 120 }),
    fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes)),
    fc.uint8Array({ minLength: 3, maxLength: 120 }).map((bytes) => bytes.subarray(3)),
  );
  fc.assert(
    fc.property(source, fc.nat(), fc.nat(), fc.nat({ max: 9 }), (bytes, start, end, at) => {
      const from = start % (bytes.length + 1);
      const length = end % (bytes.length - from + 1);
      const target = new Uint8Array(200).fill(1);
      copyBytes(target, at, bytes, from, length);
      const expected = new Uint8Array(200).fill(1);
      expected.set(Uint8Array.from(bytes).subarray(from, from + length), at);
      expect(target).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
