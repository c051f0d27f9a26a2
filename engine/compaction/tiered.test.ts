import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runsOfLevel } from '../manifest/runs.js';
import { DEFAULT_OPTIONS, type EngineOptions } from '../options.js';
import { cuts, growTree, memtables, trees } from './compaction-test-model.js';
import { expectWellFormed } from './compaction-test-rules.js';
import { pickTiered } from './tiered.js';

const options: fc.Arbitrary<EngineOptions> = fc
  .record({
    l0TablesMax: fc.integer({ min: 1, max: 4 }),
    levelsMax: fc.integer({ min: 2, max: 5 }),
    compactionRunsMax: fc.integer({ min: 2, max: 5 }),
  })
  .map((given) => ({ ...DEFAULT_OPTIONS, compaction: 'tiered', ...given }));

/** One run cannot be merged with itself, so with `l0TablesMax` 1 a level still has one. */
const runsMax = ({ l0TablesMax }: EngineOptions): number => Math.max(2, l0TablesMax) - 1;

test('from any tree it comes to an end, with fewer runs in every level than begin a compaction', () => {
  let rounds = 0;
  fc.assert(
    fc.property(trees, options, fc.array(cuts, { minLength: 1 }), (sketch, given, outputCuts) => {
      const model = growTree(sketch);
      let round = 0;
      for (;;) {
        const compaction = pickTiered(model.levels, given);
        if (compaction === undefined) break;
        expectWellFormed(model, compaction, given);
        model.compact(compaction, outputCuts[round % outputCuts.length] ?? [true]);
        expect(model.problems()).toEqual([]);
        expect(++round).toBeLessThan(200);
      }
      rounds += round;
      for (const tables of model.levels)
        expect(runsOfLevel(tables).length).toBeLessThanOrEqual(runsMax(given));
    }),
    { numRuns: 300 },
  );
  expect(rounds).toBeGreaterThan(500);
});

test('a tree in shape is left alone, any other is not', () => {
  fc.assert(
    fc.property(trees, options, (sketch, given) => {
      const { levels } = growTree(sketch);
      const outOfShape = levels.some((tables) => runsOfLevel(tables).length > runsMax(given));
      expect(pickTiered(levels, given) !== undefined).toBe(outOfShape);
    }),
  );
});

test('runs go down as a new run and nothing of the level below is written again; only the last level merges its own', () => {
  fc.assert(
    fc.property(trees, fc.array(memtables, { maxLength: 4 }), options, (sketch, more, given) => {
      const model = growTree(sketch);
      for (const memtable of more) model.flush(memtable);
      const compaction = pickTiered(model.levels, given);
      if (compaction === undefined) return;
      const { inputs, outputLevel, outputRun, phase } = compaction;
      expect(phase).toBe('tiered-compaction');
      const [level = NaN, ...others] = [...new Set(inputs.flat().map((table) => table.level))];
      expect(others).toEqual([]);
      // Whole runs, the oldest of their level.
      expect(runsOfLevel(model.levels[level] ?? []).slice(-inputs.length)).toEqual(inputs);
      if (level >= given.levelsMax - 1) expect(outputLevel).toBe(level);
      else expect({ outputLevel, outputRun }).toEqual({ outputLevel: level + 1, outputRun: undefined });
    }),
  );
});
