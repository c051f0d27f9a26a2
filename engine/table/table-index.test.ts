import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys, type Entry } from '../entry.js';
import { IndexBuilder, type IndexEntry } from './index-block.js';
import { TableIndex } from './table-index.js';
import { arbitraryEntries, arbitraryKey, unlessCorrupt } from './table-test-arbitraries.js';
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

function encode(index: readonly IndexEntry[], restartInterval = 2): Uint8Array {
  const builder = new IndexBuilder(restartInterval);
  for (const entry of index) builder.add(entry);
  return builder.finish();
}

test('an index is read back as it was written', () => {
  const index = TableIndex.decode(FILE, END, encode(INDEX));
  expect(index.length).toBe(3);
  for (const [position, { firstKey, firstSequence, offset, size }] of INDEX.entries()) {
    expect([index.offsetOf(position), index.sizeOf(position)]).toEqual([offset, size]);
    expect(index.isFirst(position, firstKey, firstSequence)).toBe(true);
    expect(index.isFirst(position, firstKey, firstSequence + 1)).toBe(false);
    expect(index.isFirst(position, Buffer.from('b'), firstSequence)).toBe(false);
  }
});

test('a search begins at the last block before which the answer cannot lie', () => {
  const index = TableIndex.decode(FILE, END, encode(INDEX));
  const search = (key: string, sequence: number) => index.search(Buffer.from(key), sequence);
  expect([search('A', 9), search('a', 99), search('a', 1), search('b', 9)]).toEqual([0, 0, 0, 0]);
  expect([search('c', 99), search('c', 8), search('c', 6), search('c', 5), search('d', 1)]).toEqual([
    1, 1, 1, 2, 2,
  ]);
});

test('whatever the keys, restart interval and cut into blocks, it answers as the list that it was made of', () => {
  const [interval, sequence] = [fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 61 })];
  const cuts = fc.array(fc.boolean(), { minLength: 60, maxLength: 60 });
  fc.assert(
    fc.property(arbitraryEntries, cuts, interval, arbitraryKey, sequence, (entries, cut, step, key, at) => {
      const list = cutIntoBlocks(entries, cut);
      const index = TableIndex.decode(FILE, list.length * (100 + TRAILER_BYTES), encode(list, step));
      const reached = list.map(
        ({ firstKey, firstSequence, continues }) =>
          compareKeys(firstKey, key) < 0 ||
          (compareKeys(firstKey, key) === 0 && (!continues || at <= firstSequence)),
      );
      expect(list.map((_, position) => index.isReached(position, key, at))).toEqual(reached);
      expect(index.search(key, at)).toBe(Math.max(0, reached.lastIndexOf(true)));
      const signs = list.map((_, position) => Math.sign(index.compareFirstKey(position, key)));
      expect(signs).toEqual(list.map(({ firstKey }) => Math.sign(compareKeys(firstKey, key))));
    }),
  );
});

test('an index whose blocks leave a gap or end elsewhere is damage', () => {
  const withoutSecond = INDEX.filter((_, position) => position !== 1);
  expect(() => TableIndex.decode(FILE, END, encode(withoutSecond))).toThrow('does not follow');
  expect(() => TableIndex.decode(FILE, END + 1, encode(INDEX))).toThrow('end at byte 315');
  expect(() => TableIndex.decode(FILE, 0, encode([]))).toThrow();
});

test('an index that is out of order is damage, in its keys as in its sequence numbers', () => {
  const swap = (one: number, other: number) => {
    const [left, right] = [INDEX[one], INDEX[other]] as [IndexEntry, IndexEntry];
    return encode([
      { ...right, offset: 0 },
      { ...left, offset: 100 + TRAILER_BYTES },
    ]);
  };
  expect(() => TableIndex.decode(FILE, 210, swap(0, 1))).toThrow('does not follow');
  expect(() => TableIndex.decode(FILE, 210, swap(1, 2))).toThrow('does not follow');
});

test('an index that repeats a long key many times takes no more memory than its block', () => {
  const firstKey = new Uint8Array(60_000).fill(7);
  const list = Array.from({ length: 2_000 }, (_, position): IndexEntry => {
    const offset = position * (100 + TRAILER_BYTES);
    return { firstKey, firstSequence: 5_000 - position, offset, size: 100, continues: position > 0 };
  });
  const block = encode(list, 1_024);
  expect(block.length).toBeLessThan(200_000);
  const index = TableIndex.decode(FILE, 2_000 * (100 + TRAILER_BYTES), block);
  expect(index.memoryBytes).toBeLessThan(3 * block.length);
  expect(index.search(firstKey, 3_500)).toBe(1_500);
});

test('arbitrary and mutated bytes are read as an index or reported as damage', () => {
  const good = encode(INDEX);
  const mutated = fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })).map(([at, byte]) => {
    const bytes = Uint8Array.from(good);
    bytes[at] = byte;
    return bytes;
  });
  const ended = (bytes: Uint8Array) => Buffer.concat([bytes, Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0)]);
  const garbage = fc.uint8Array({ maxLength: 60 });
  fc.assert(
    fc.property(fc.oneof(garbage, garbage.map(ended), mutated), arbitraryKey, (bytes, key) => {
      const index = unlessCorrupt(() => TableIndex.decode(FILE, END, bytes));
      if (index === undefined) return;
      for (let position = 0; position < index.length; position++) index.compareFirstKey(position, key);
      expect(index.search(key, 1)).toBeLessThan(index.length);
    }),
    { numRuns: 2_000 },
  );
});

/** The index of a table whose entries are cut into blocks where `cut` says so; the first one begins a block anyway. */
function cutIntoBlocks(entries: readonly Entry[], cut: readonly boolean[]): IndexEntry[] {
  const list: IndexEntry[] = [];
  for (const [place, { key, sequence }] of entries.entries()) {
    if (place > 0 && cut[place] === false) continue;
    const before = entries[place - 1];
    const continues = before !== undefined && compareKeys(before.key, key) === 0;
    const offset = list.length * (100 + TRAILER_BYTES);
    list.push({ firstKey: key, firstSequence: sequence, offset, size: 100, continues });
  }
  return list;
}
