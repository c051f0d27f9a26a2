import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFooter, decodeProperties, FOOTER_BYTES } from './format.js';
import { decodeIndex, encodeIndex, searchIndex, type IndexEntry } from './index-block.js';
import { unlessCorrupt } from './table-test-arbitraries.js';
import { TRAILER_BYTES } from './trailer.js';

/** Blocks of 100 bytes: `a` from 9, then `c` from 8, which goes on in the third from 5. */
const INDEX: readonly IndexEntry[] = (
  [
    ['a', 9, false],
    ['c', 8, false],
    ['c', 5, true],
  ] as const
).map(([key, firstSequence, continues], position) => {
  const offset = position * (100 + TRAILER_BYTES);
  return { firstKey: Uint8Array.from(Buffer.from(key)), firstSequence, offset, size: 100, continues };
});
const END = 3 * (100 + TRAILER_BYTES);
const FILE = 'l0/000001.sst';

test('an index is read back as it was written', () => {
  expect(decodeIndex(FILE, END, encodeIndex(INDEX, 2))).toEqual(INDEX);
});

test('a search begins at the last block before which the answer cannot lie', () => {
  const search = (key: string, sequence: number) => searchIndex(INDEX, Buffer.from(key), sequence);
  expect([search('A', 9), search('a', 99), search('a', 1), search('b', 9)]).toEqual([0, 0, 0, 0]);
  expect([search('c', 99), search('c', 8), search('c', 6), search('c', 5), search('d', 1)]).toEqual([
    1, 1, 1, 2, 2,
  ]);
});

test('an index whose blocks leave a gap or end elsewhere is damage', () => {
  const withoutSecond = INDEX.filter((_, position) => position !== 1);
  expect(() => decodeIndex(FILE, END, encodeIndex(withoutSecond, 2))).toThrow('does not follow');
  expect(() => decodeIndex(FILE, END + 1, encodeIndex(INDEX, 2))).toThrow('end at byte 315');
});

test('an index that is out of order is damage', () => {
  const [first, second] = INDEX;
  if (first === undefined || second === undefined) throw new Error('The example has three blocks.');
  const swapped = [
    { ...second, offset: first.offset },
    { ...first, offset: second.offset },
  ];
  expect(() => decodeIndex(FILE, 210, encodeIndex(swapped, 2))).toThrow('does not follow');
});

test('arbitrary bytes as index, properties or footer are read or reported as damage', () => {
  const garbage = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ minLength: 33, maxLength: 33 }));
  fc.assert(
    fc.property(garbage, (bytes) => {
      unlessCorrupt(() =>
        decodeIndex(FILE, END, Buffer.concat([bytes, Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0)])),
      );
      unlessCorrupt(() => decodeProperties(FILE, END, bytes));
      expect(unlessCorrupt(() => decodeFooter(FILE, END + FOOTER_BYTES, bytes))).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});
