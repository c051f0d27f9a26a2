import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '../entry.js';
import { keys, sortedLevel, tableMeta } from './manifest-test-arbitraries.js';
import { overlappingInRun, runsOfLevel, tableFor, tablesInRange } from './runs.js';

const run = sortedLevel(1, () => 1);

test('overlapping gives exactly the tables that share a key with the range', () => {
  fc.assert(
    fc.property(run, keys, keys, (tables, one, other) => {
      const [smallest, largest] = compareKeys(one, other) <= 0 ? [one, other] : [other, one];
      const apart = tables.filter(
        (table) => compareKeys(table.largest, smallest) < 0 || compareKeys(largest, table.smallest) < 0,
      );
      expect(overlappingInRun(tables, smallest, largest)).toEqual(
        tables.filter((table) => !apart.includes(table)),
      );
    }),
  );
});

test('the table for a key is the one whose range holds it', () => {
  fc.assert(
    fc.property(run, keys, (tables, key) => {
      const holds = tables.find(
        ({ smallest, largest }) => compareKeys(smallest, key) <= 0 && compareKeys(key, largest) <= 0,
      );
      expect(tableFor(tables, key)).toBe(holds);
    }),
  );
});

test('each table of L0 is a run of its own; below, tables of one run stay together', () => {
  const level0 = [tableMeta({ number: 3, level: 0 }), tableMeta({ number: 2, level: 0 })];
  expect(runsOfLevel(level0)).toEqual(level0.map((table) => [table]));
  const level1 = [4, 4, 2, 0, 0].map((run, number) => tableMeta({ number, level: 1, run }));
  expect(runsOfLevel(level1).map((tables) => tables.map(({ number }) => number))).toEqual([
    [0, 1],
    [2],
    [3, 4],
  ]);
  expect(runsOfLevel([])).toEqual([]);
});

test('in a range are exactly the tables that may hold a key of it, with bounds or without', () => {
  const bound = fc.option(keys, { nil: undefined });
  fc.assert(
    fc.property(run, bound, bound, (tables, from, before) => {
      const expected = tables.filter(
        ({ smallest, largest }) =>
          (from === undefined || compareKeys(largest, from) >= 0) &&
          (before === undefined || compareKeys(smallest, before) < 0),
      );
      const isEmpty = from !== undefined && before !== undefined && compareKeys(from, before) >= 0;
      expect(tablesInRange(tables, { from, before })).toEqual(isEmpty ? [] : expected);
    }),
  );
});
