import { expect, test } from 'vitest';
import { Cursor } from '../bytes/cursor.js';
import { decodeManifest, encodeManifest } from '../manifest/encode.js';
import { tableMeta } from '../manifest/manifest-test-arbitraries.js';
import type { Version } from '../manifest/version.js';
import type { TableMeta } from '../table/meta.js';
import { checkVersion } from './check-version.js';
import { makeFiles } from './inspect-test-database.js';

const PATH = 'MANIFEST-000009';
const NUMBER = 9;

const table = (
  number: number,
  facts: Omit<Partial<TableMeta>, 'smallest' | 'largest'> & { smallest: string; largest: string },
): TableMeta => ({
  ...tableMeta({
    number,
    level: 1,
    ...facts,
    smallest: Buffer.from(facts.smallest),
    largest: Buffer.from(facts.largest),
  }),
});

const SOUND: Version = {
  nextNumber: 10,
  flushedSequence: 100,
  walNumbers: [7, 8],
  levels: [
    [
      table(6, { level: 0, smallest: 'a', largest: 'z' }),
      table(5, { level: 0, smallest: 'b', largest: 'c' }),
    ],
    [
      table(4, { run: 2, smallest: 'a', largest: 'z' }),
      table(1, { run: 1, smallest: 'a', largest: 'b' }),
      table(2, { run: 1, smallest: 'c', largest: 'c' }),
    ],
  ],
};

const findingsOf = (version: Version) => [...checkVersion(PATH, NUMBER, version)];

test('what the engine writes is sound', async () => {
  for (const [path, bytes] of await makeFiles('close')) {
    const number = Number(/^MANIFEST-(\d+)$/.exec(path)?.[1] ?? 0);
    if (number === 0) continue;
    const version = decodeManifest(path, number, bytes);
    expect(version.levels.length).toBeGreaterThan(2);
    expect([...checkVersion(path, number, version)]).toEqual([]);
  }
  expect(findingsOf(SOUND)).toEqual([]);
});

test.each<[string, Partial<Version>, RegExp]>([
  ['a next number that is used', { nextNumber: 9 }, /its number is not below the next one, 9/],
  ['a WAL above the next number', { walNumbers: [7, 12] }, /WAL 12 is not below the next number, 10/],
  ['WALs in disorder', { walNumbers: [8, 7] }, /WAL 7 is not in ascending order/],
])('%s is a fault', (_, change, what) => {
  expect(findingsOf({ ...SOUND, ...change })).toEqual([
    expect.objectContaining({ kind: 'fault', file: PATH, what: expect.stringMatching(what) as string }),
  ]);
});

test.each<[string, number, Partial<TableMeta>, RegExp]>([
  ['a number above the next one', 2, { number: 11 }, /table 11: its number is not below the next one, 10/],
  ['a number that is named twice', 2, { number: 1 }, /table 1 is named twice/],
  ['no entries', 2, { entries: 0, keys: 0 }, /table 2: it has no entry/],
  ['too many tombstones', 2, { tombstones: 2 }, /2 tombstones are more than its 1 entries/],
  ['too many keys', 2, { keys: 2 }, /2 keys do not fit 1 entries/],
  ['a sequence of zero', 2, { sequenceMin: 0 }, /sequence numbers begin at 1/],
  ['a sequence range that is none', 2, { sequenceMin: 3, sequenceMax: 2 }, /sequence 3 to 2 is no range/],
  ['a sequence that was not flushed', 2, { sequenceMax: 101 }, /sequence 101 is above the flushed one, 100/],
  ['a key range that is none', 2, { smallest: Buffer.from('d') }, /its smallest key comes after its largest/],
  [
    'a table that overlaps the one before',
    2,
    { smallest: Buffer.from('b') },
    /do not begin after those of table 1 before it in L1/,
  ],
  ['runs in disorder', 4, { run: 0 }, /its run 1 of L1 is not older than run 0 before it/],
  ['L0 in disorder', 5, { sequenceMax: 50 }, /it is newer than table 6 before it in L0/],
])('%s is a fault at the table', (_, number, change, what) => {
  const levels = SOUND.levels.map((tables) =>
    tables.map((one) => (one.number === number ? { ...one, ...change } : one)),
  );
  const [finding, ...more] = findingsOf({ ...SOUND, levels });
  expect(more).toEqual([]);
  expect(finding?.what).toMatch(what);
  const bytes = encodeManifest(NUMBER, { ...SOUND, levels });
  const named = Number(/table (\d+)/.exec(finding?.what ?? '')?.[1]);
  expect(new Cursor(bytes, finding?.offset).varint()).toBe(named);
});
