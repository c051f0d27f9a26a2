import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareEntries, type Entry } from '../entry.js';
import { drain, iterate } from './iterator-test-entries.js';
import { mergeEntries } from './merge.js';

const entry = (key: string, sequence: number): Entry => ({
  key: Buffer.from(key, 'latin1'),
  sequence,
  kind: sequence % 3 === 0 ? 'tombstone' : 'value',
  value: new Uint8Array(0),
});

test('merges arbitrary sorted sources into one sorted stream that lacks nothing', () => {
  const placed = fc.array(fc.tuple(fc.string({ maxLength: 2 }), fc.nat({ max: 6 })), { maxLength: 60 });
  fc.assert(
    fc.property(placed, (all) => {
      const sources: Entry[][] = Array.from({ length: 7 }, () => []);
      for (const [index, [key, source]] of all.entries()) sources[source]?.push(entry(key, index + 1));
      const sorted = sources.map((source) => source.sort(compareEntries));
      const expected = sorted.flat().sort(compareEntries);
      expect(drain(mergeEntries(sorted.map(iterate)))).toEqual(expected);
      const reversed = sorted.map((source) => iterate(source.toReversed()));
      expect(drain(mergeEntries(reversed, 'reverse'))).toEqual(expected.reverse());
    }),
  );
});

test('no sources give no entries', () => {
  expect(drain(mergeEntries([]))).toEqual([]);
});

test('nothing is read before the first entry is asked for', () => {
  let read = 0;
  const source = { next: () => entry('a', 100 - ++read) };
  const merged = mergeEntries([source, iterate([entry('b', 1)])]);
  expect(read).toBe(0);
  expect(merged.next()).toEqual(entry('a', 99));
});

test('a source that throws ends the merge', () => {
  const broken = {
    next: (): Entry => {
      throw new Error('unreadable');
    },
  };
  expect(() => mergeEntries([iterate([entry('a', 1)]), broken]).next()).toThrow('unreadable');
});
