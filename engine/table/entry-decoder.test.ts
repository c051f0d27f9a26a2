import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '../entry.js';
import { corrupt } from '../errors.js';
import { encodeBlock } from './block.js';
import { BlockReader } from './block-reader.js';
import { EntryDecoder } from './entry-decoder.js';
import { arbitraryEntries, arbitraryKey, unlessCorrupt } from './table-test-arbitraries.js';

const damage = (problem: string) => corrupt('l0/000001.sst', 0, problem);

test('compares every key as if it were whole, without putting it together', () => {
  const interval = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(arbitraryEntries, interval, arbitraryKey, (entries, restartInterval, other) => {
      const block = new BlockReader('l0/000001.sst', 0, encodeBlock(entries, restartInterval));
      for (const key of [other, ...entries.map((entry) => entry.key)]) {
        const decoder = block.decoder();
        const orders = entries.map(() => decoder.next() && Math.sign(decoder.compareKey(key)));
        expect(orders).toEqual(entries.map((entry) => Math.sign(compareKeys(entry.key, key))));
        expect(decoder.next()).toBe(false);
      }
    }),
  );
});

test('arbitrary bytes end, or are reported as damage, within as many steps as they have bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), arbitraryKey, (bytes, key) => {
      const decoder = new EntryDecoder({ bytes, damage }, 0, bytes.length);
      let steps = 0;
      unlessCorrupt(() => {
        while (decoder.next()) {
          decoder.compareKey(key);
          expect(decoder.valueEnd).toBeLessThanOrEqual(bytes.length);
          expect(++steps).toBeLessThanOrEqual(bytes.length);
        }
      });
    }),
    { numRuns: 1_000 },
  );
});

test('numbers of up to eight bytes are read, and larger ones are damage', () => {
  const entry = (sequence: readonly number[]) => Uint8Array.of(0, 1, 1, ...sequence, 0, 97);
  const read = (bytes: Uint8Array) => {
    const decoder = new EntryDecoder({ bytes, damage }, 0, bytes.length);
    decoder.next();
    return decoder.sequence;
  };
  expect(read(entry([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => read(entry([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f]))).toThrow('out of range');
  expect(() => read(entry([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]))).toThrow('out of range');
});

test('a tombstone with a value, an unknown type and too many shared bytes are damage', () => {
  const read = (...bytes: number[]) =>
    new EntryDecoder({ bytes: Uint8Array.from(bytes), damage }, 0, bytes.length).next();
  expect(read(0, 1, 2, 5, 0, 97)).toBe(true);
  expect(() => read(0, 1, 2, 5, 1, 97, 98)).toThrow('a tombstone with a value');
  expect(() => read(0, 1, 3, 5, 0, 97)).toThrow('unknown type 3');
  expect(() => read(1, 1, 1, 5, 0, 97)).toThrow('1 bytes shared with a key of 0');
});
