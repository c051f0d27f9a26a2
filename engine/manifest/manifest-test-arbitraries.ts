import fc from 'fast-check';
import { compareKeys } from '../entry.js';
import type { TableMeta } from '../table/meta.js';
import type { Version } from './version.js';

/** For tests only: tables as a MANIFEST describes them, and levels that keep the order of `Version.levels`. */
export function tableMeta(facts: Partial<TableMeta> & Pick<TableMeta, 'number' | 'level'>): TableMeta {
  const key = new Uint8Array([1]);
  return {
    run: 0,
    bytes: 100,
    entries: 1,
    tombstones: 0,
    keys: 1,
    sequenceMin: facts.number,
    sequenceMax: facts.number,
    smallest: key,
    largest: key,
    ...facts,
  };
}

/** Short keys over few letters, so that ranges often meet. */
export const keys: fc.Arbitrary<Uint8Array> = fc
  .array(fc.constantFrom(0, 1, 7, 255), { minLength: 1, maxLength: 3 })
  .map((bytes) => Uint8Array.from(bytes));

const natural = fc.oneof(fc.nat({ max: 1_000 }), fc.maxSafeNat());

/** A level of tables that lie side by side: the keys are sorted and taken in pairs. */
export function sortedLevel(level: number, numbers: () => number): fc.Arbitrary<readonly TableMeta[]> {
  return fc
    .uniqueArray(keys, { maxLength: 8, comparator: (left, right) => compareKeys(left, right) === 0 })
    .map((bounds) => {
      const sorted = [...bounds].sort(compareKeys);
      return Array.from({ length: sorted.length >> 1 }, (_, index) => {
        const [smallest, largest] = [sorted[2 * index], sorted[2 * index + 1]];
        if (smallest === undefined || largest === undefined) throw new Error('The pairs do not add up.');
        return tableMeta({ number: numbers(), level, smallest, largest });
      });
    });
}

/** Versions that need not make sense together: the format does not care. The deepest level is not empty. */
export const versions: fc.Arbitrary<Version> = fc.record({
  walNumbers: fc.array(natural, { maxLength: 4 }),
  nextNumber: natural,
  flushedSequence: natural,
  levels: fc
    .array(
      fc.array(
        fc.record({
          number: natural,
          level: fc.constant(0),
          run: natural,
          keys: natural,
          bytes: natural,
          entries: natural,
          tombstones: natural,
          smallest: fc.uint8Array({ minLength: 1, maxLength: 300 }),
          largest: keys,
          sequenceMin: natural,
          sequenceMax: natural,
        }),
        { maxLength: 3 },
      ),
      { maxLength: 4 },
    )
    .map((levels) => levels.map((tables, level) => tables.map((table) => ({ ...table, level }))))
    .map((levels) => levels.slice(0, levels.findLastIndex((tables) => tables.length > 0) + 1)),
});
