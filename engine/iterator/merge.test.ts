import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareEntries, type Entry } from '../entry.js';
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
      const merged = [...mergeEntries(sorted.map((source) => source.values()))];
      expect(merged).toEqual(sorted.flat().sort(compareEntries));
    }),
  );
});

test('no sources give no entries', () => {
  expect([...mergeEntries([])]).toEqual([]);
});

test('leaving early closes every source', () => {
  const ended: string[] = [];
  for (const first of mergeEntries([watched('a', ended), watched('b', ended)])) {
    expect(first).toEqual(entry('a', 1));
    break;
  }
  expect(ended).toEqual(['a', 'b']);
});

test('a source that throws ends the merge and closes the others', () => {
  const ended: string[] = [];
  const broken = (function* (): IterableIterator<Entry> {
    yield entry('a', 2);
    throw new Error('unreadable');
  })();
  expect(() => [...mergeEntries([broken, watched('b', ended)])]).toThrow('unreadable');
  expect(ended).toEqual(['b']);
});

function* watched(key: string, ended: string[]): IterableIterator<Entry> {
  try {
    yield entry(key, 1);
  } finally {
    ended.push(key);
  }
}
