import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '../entry.js';
import { keys, sortedLevel, tableMeta } from '../manifest/manifest-test-arbitraries.js';
import { editLevels } from '../manifest/version.js';
import { DEFAULT_OPTIONS, type EngineOptions } from '../options.js';
import type { TableMeta } from '../table/meta.js';
import { type Compaction, keyRange, pickCompaction, pickManual } from './pick.js';

type Levels = readonly (readonly TableMeta[])[];

const OPTIONS: EngineOptions = {
  ...DEFAULT_OPTIONS,
  l0TablesMax: 2,
  l1TablesMax: 1,
  levelRatio: 2,
  levelsMax: 4,
};

/** Levels as an engine may have them: L0 overlaps, those below do not. */
const levels: fc.Arbitrary<Levels> = fc
  .tuple(
    fc.array(fc.tuple(keys, keys), { maxLength: 4 }),
    fc.integer({ min: 0, max: 3 }).chain((deep) => {
      return fc.tuple(...Array.from({ length: deep }, (_, index) => sortedLevel(index + 1, () => 0)));
    }),
  )
  .map(([ranges, below]) => {
    let number = 0;
    const top = ranges.map(([one, other]) => {
      const [smallest, largest] = compareKeys(one, other) <= 0 ? [one, other] : [other, one];
      return tableMeta({ number: ++number, level: 0, smallest, largest });
    });
    return [top, ...below.map((tables) => tables.map((table) => ({ ...table, number: ++number })))];
  });

/** What a compaction does to the levels at its widest: one output over the whole range of its inputs. */
function widest(current: Levels, { inputs, outputLevel }: Compaction): Levels {
  const added = [tableMeta({ number: 1_000, level: outputLevel, ...keyRange(inputs) })];
  return editLevels(current, { added, removed: inputs });
}

function overlaps(tables: readonly TableMeta[]): boolean {
  return tables.some((table, index) => {
    const next = tables[index + 1];
    return next !== undefined && compareKeys(table.largest, next.smallest) >= 0;
  });
}

test.each([
  ['pickCompaction', pickCompaction],
  ['pickManual', pickManual],
])('after any choice of %s the levels below L0 still do not overlap', (_name, pick) => {
  fc.assert(
    fc.property(levels, (current) => {
      const compaction = pick(current, OPTIONS);
      if (compaction === undefined) return;
      expect(compaction.inputs.length).toBeGreaterThan(0);
      expect(compaction.outputLevel).toBeLessThan(OPTIONS.levelsMax);
      const known = current.flat();
      expect(new Set(compaction.inputs).size).toBe(compaction.inputs.length);
      for (const input of compaction.inputs) {
        expect(known).toContain(input);
        expect([compaction.outputLevel - 1, compaction.outputLevel]).toContain(input.level);
      }
      for (const tables of widest(current, compaction).slice(1)) expect(overlaps(tables)).toBe(false);
    }),
    { numRuns: 1_000 },
  );
});

test('no table above the output holds older versions of a key that is moved past it', () => {
  fc.assert(
    fc.property(levels, (current) => {
      const compaction = pickCompaction(current, OPTIONS);
      if (compaction === undefined) return;
      // L0 moves as a whole, because an older table of it may hold older versions of any key.
      if (compaction.outputLevel !== 1) return;
      expect(compaction.inputs).toEqual(expect.arrayContaining([...(current[0] ?? [])]));
    }),
  );
});

test('compaction begins exactly when a level has more than its share', () => {
  fc.assert(
    fc.property(levels, (current) => {
      const full =
        (current[0]?.length ?? 0) >= 2 || (current[1]?.length ?? 0) > 1 || (current[2]?.length ?? 0) > 2;
      expect(pickCompaction(current, OPTIONS) !== undefined).toBe(full);
    }),
  );
});

test.each([
  ['pickCompaction', pickCompaction],
  ['pickManual', pickManual],
])('%s comes to an end', (_name, pick) => {
  fc.assert(
    fc.property(levels, (start) => {
      let current = start;
      let rounds = 0;
      for (let next = pick(current, OPTIONS); next !== undefined; next = pick(current, OPTIONS)) {
        current = widest(current, next);
        expect(++rounds).toBeLessThan(60);
      }
      if (pick === pickManual) {
        expect(current.filter((tables) => tables.length > 0).length).toBeLessThanOrEqual(1);
        expect(current[0] ?? []).toEqual([]);
      }
    }),
  );
});
