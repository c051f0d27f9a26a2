import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KEY_BYTES_MAX, type KeyBounds } from '../index.js';
import { fromEngineKey, isOutside, type Range, toEngineBounds, toEngineKey } from './keys.js';

/** Few bytes, so that keys of zeros, prefixes and equal keys are frequent. */
const byte = fc.constantFrom(0, 0, 1, 255);
const key = fc.array(byte, { maxLength: 5 }).map((bytes) => Buffer.from(bytes));

/** Keys, and bounds that are longer than any key: one of these bytes, and a few different ones at the end. */
const long = fc
  .tuple(byte, fc.array(byte, { maxLength: 3 }))
  .map(([first, rest]) => Buffer.concat([Buffer.alloc(KEY_BYTES_MAX - 1, first), Buffer.from(rest)]));
const bound = fc.oneof({ weight: 9, arbitrary: key }, { weight: 1, arbitrary: long });

test('a key of zeros is stored with one zero more, any other key as it is', () => {
  const stored = ['', '00', '0000', '61', '0061', '6100'].map((hex) =>
    Buffer.from(toEngineKey(Buffer.from(hex, 'hex'))).toString('hex'),
  );
  expect(stored).toEqual(['00', '0000', '000000', '61', '0061', '6100']);
});

test('stored keys sort as the keys do, differ where they differ, and can be read back', () => {
  fc.assert(
    fc.property(key, key, (left, right) => {
      const stored = [left, right].map(toEngineKey) as [Uint8Array, Uint8Array];
      expect(Buffer.compare(...stored)).toBe(Buffer.compare(left, right));
      expect(stored[0].length).toBeGreaterThan(0);
      expect(fromEngineKey(stored[0]).equals(left)).toBe(true);
    }),
  );
});

test('every key of the engine is the stored form of a key', () => {
  fc.assert(
    fc.property(
      key.filter(({ length }) => length > 0),
      (stored) => {
        expect(Buffer.from(toEngineKey(fromEngineKey(stored))).equals(stored)).toBe(true);
      },
    ),
  );
});

test('the longest keys are 65,535 bytes, and one less of zeros', () => {
  expect(toEngineKey(Buffer.alloc(KEY_BYTES_MAX, 1))).toHaveLength(KEY_BYTES_MAX);
  expect(toEngineKey(Buffer.alloc(KEY_BYTES_MAX - 1))).toHaveLength(KEY_BYTES_MAX);
  for (const key of [Buffer.alloc(KEY_BYTES_MAX + 1, 1), Buffer.alloc(KEY_BYTES_MAX)]) {
    expect(() => toEngineKey(key)).toThrow(expect.objectContaining({ code: 'LEVEL_INVALID_KEY' }));
  }
});

test('a range holds the same keys for the engine, bounds longer than any key included', () => {
  const options = { requiredKeys: [] };
  const range = fc.record({ gte: bound, gt: bound, lte: bound, lt: bound }, options);
  const stored = fc.oneof(key, fc.constantFrom(...[0, 1, 255].map(longestOf)));
  fc.assert(
    fc.property(range, stored, (range, key) => {
      expect(holds(toEngineBounds(range), toEngineKey(key))).toBe(!isOutside(key, range));
    }),
    { numRuns: 1_000 },
  );
});

test('of gte and gt the first counts, and of lte and lt, even if it is the wider one', () => {
  const range: Range = {
    gte: Buffer.from('b'),
    gt: Buffer.from('c'),
    lte: Buffer.from('y'),
    lt: Buffer.from('x'),
  };
  expect(['a', 'b', 'y', 'z'].map((key) => isOutside(Buffer.from(key), range))).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(Object.keys(toEngineBounds(range))).toEqual(['gte', 'lte']);
});

/** The longest key of this byte. */
function longestOf(byte: number): Buffer {
  return Buffer.alloc(byte === 0 ? KEY_BYTES_MAX - 1 : KEY_BYTES_MAX, byte);
}

/** What the engine says of its bounds, in its own words. */
function holds({ gte, gt, lte, lt }: KeyBounds, key: Uint8Array): boolean {
  for (const bound of [gte, gt, lte, lt]) expect(bound?.length ?? 0).toBeLessThanOrEqual(KEY_BYTES_MAX);
  return (
    (gte === undefined || Buffer.compare(key, gte) >= 0) &&
    (gt === undefined || Buffer.compare(key, gt) > 0) &&
    (lte === undefined || Buffer.compare(key, lte) <= 0) &&
    (lt === undefined || Buffer.compare(key, lt) < 0)
  );
}
