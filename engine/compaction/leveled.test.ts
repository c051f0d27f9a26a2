import fc from 'fast-check';
import { expect, test } from 'vitest';
import { overlappingInRun, runsOfLevel } from '../manifest/runs.js';
import { DEFAULT_OPTIONS, type EngineOptions } from '../options.js';
import { cuts, growTree, memtables, trees } from './compaction-test-model.js';
import { expectWellFormed } from './compaction-test-rules.js';
import { pickLeveled } from './leveled.js';

const options: fc.Arbitrary<EngineOptions> = fc
  .record({
    l0TablesMax: fc.integer({ min: 1, max: 4 }),
    l1TablesMax: fc.integer({ min: 1, max: 3 }),
    levelRatio: fc.integer({ min: 2, max: 3 }),
    levelsMax: fc.integer({ min: 2, max: 5 }),
    compactionRunsMax: fc.integer({ min: 2, max: 5 }),
  })
  .map((given) => ({ ...DEFAULT_OPTIONS, ...given }));

/** Levels that may give tables away and hold more than their share. */
function tooLarge(tables: readonly (readonly unknown[])[], given: EngineOptions): readonly number[] {
  const { l1TablesMax, levelRatio, levelsMax } = given;
  return tables.flatMap(({ length }, level) => {
    const gives = level > 0 && level < levelsMax - 1;
    return gives && length > l1TablesMax * levelRatio ** (level - 1) ? [level] : [];
  });
}

test('from any tree it comes to an end, with one run a level and every level within its share', () => {
  let rounds = 0;
  fc.assert(
    fc.property(trees, options, fc.array(cuts, { minLength: 1 }), (sketch, given, outputCuts) => {
      const model = growTree(sketch);
      let round = 0;
      for (;;) {
        const compaction = pickLeveled(model.levels, given);
        if (compaction === undefined) break;
        expectWellFormed(model, compaction, given);
        model.compact(compaction, outputCuts[round % outputCuts.length] ?? [true]);
        expect(model.problems()).toEqual([]);
        expect(++round).toBeLessThan(1_000);
      }
      rounds += round;
      expect(model.levels[0]?.length ?? 0).toBeLessThan(given.l0TablesMax);
      for (const tables of model.levels.slice(1)) expect(runsOfLevel(tables).length).toBeLessThanOrEqual(1);
      expect(tooLarge(model.levels, given)).toEqual([]);
    }),
    { numRuns: 300 },
  );
  expect(rounds).toBeGreaterThan(1_000);
});

test('a tree in shape is left alone, any other is not', () => {
  fc.assert(
    fc.property(trees, options, (sketch, given) => {
      const { levels } = growTree(sketch);
      const outOfShape =
        (levels[0]?.length ?? 0) >= given.l0TablesMax ||
        levels.slice(1).some((tables) => runsOfLevel(tables).length > 1) ||
        tooLarge(levels, given).length > 0;
      expect(pickLeveled(levels, given) !== undefined).toBe(outOfShape);
    }),
  );
});

test('L0 goes before the levels below it, the oldest tables first', () => {
  fc.assert(
    fc.property(
      trees,
      fc.array(memtables, { minLength: 3, maxLength: 6 }),
      options,
      (sketch, more, given) => {
        const model = growTree({ ...sketch, deep: sketch.deep.map((runs) => runs.slice(0, 1)) });
        for (const memtable of more) model.flush({ ...memtable, cuts: [false] });
        const top = model.levels[0] ?? [];
        const compaction = pickLeveled(model.levels, {
          ...given,
          l0TablesMax: Math.min(given.l0TablesMax, 3),
        });
        const fromTop = compaction?.inputs.flat().filter(({ level }) => level === 0) ?? [];
        expect(fromTop).toEqual(top.slice(-Math.min(given.compactionRunsMax - 1, top.length)));
        expect(compaction).toMatchObject({ outputLevel: 1, phase: 'compaction' });
      },
    ),
  );
});

test('a level that is too large gives the one table that meets the fewest below', () => {
  let pushed = 0;
  fc.assert(
    fc.property(trees, (sketch) => {
      const { levels } = growTree({ ...sketch, top: [], deep: sketch.deep.map((runs) => runs.slice(0, 1)) });
      const given = { ...DEFAULT_OPTIONS, l1TablesMax: 1, levelRatio: 2 };
      const compaction = pickLeveled(levels, given);
      if (compaction === undefined) return;
      pushed++;
      const { inputs, outputLevel, phase } = compaction;
      const met = (levels[outputLevel - 1] ?? []).map(
        ({ smallest, largest }) => overlappingInRun(levels[outputLevel] ?? [], smallest, largest).length,
      );
      expect(inputs[0]).toHaveLength(1);
      expect(inputs[1]?.length ?? 0).toBe(Math.min(...met));
      expect(phase).toBe('deep-compaction');
    }),
    { numRuns: 300 },
  );
  expect(pushed).toBeGreaterThan(50);
});
