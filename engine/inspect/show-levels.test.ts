import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '../entry.js';
import { tableMeta } from '../manifest/manifest-test-arbitraries.js';
import { EMPTY_VERSION, type Version } from '../manifest/version.js';
import { levelLines, levelsJson } from './show-levels.js';

const key = fc.uint8Array({ minLength: 1, maxLength: 2, max: 3 });
const range = fc.tuple(key, key).map((pair) => pair.sort(compareKeys));

/** L0 and L1, in both of which anything may overlap anything. */
const version: fc.Arbitrary<Version> = fc
  .tuple(fc.array(range, { maxLength: 6 }), fc.array(range, { maxLength: 6 }))
  .map((contents) => {
    let number = 0;
    const levels = contents.map((ranges, level) =>
      ranges.map(([smallest, largest]) => tableMeta({ number: ++number, level, smallest, largest })),
    );
    return { ...EMPTY_VERSION, levels };
  });

test('each table says how many others of its level and of the next it meets', () => {
  fc.assert(
    fc.property(version, (version) => {
      const shown = levelsJson(version) as {
        tables: { number: number; overlaps: number; overlapsBelow: number }[];
      }[];
      const meet = (number: number, level: number): number => {
        const one = version.levels.flat().find((table) => table.number === number)!;
        return (version.levels[one.level + level] ?? []).filter(
          (other) =>
            other !== one &&
            compareKeys(other.smallest, one.largest) <= 0 &&
            compareKeys(one.smallest, other.largest) <= 0,
        ).length;
      };
      for (const { number, overlaps, overlapsBelow } of shown.flatMap(({ tables }) => tables)) {
        expect([number, overlaps, overlapsBelow]).toEqual([number, meet(number, 0), meet(number, 1)]);
      }
    }),
  );
});

test('a version without tables says so', () => {
  expect([levelLines(EMPTY_VERSION), levelsJson(EMPTY_VERSION)]).toEqual([['no tables'], []]);
});
