import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '../entry.js';
import { DEFAULT_OPTIONS, type EngineOptions } from '../options.js';
import { olderRuns } from './compaction.js';
import { cuts, growTree, memtables, trees } from './compaction-test-model.js';
import { expectWellFormed } from './compaction-test-rules.js';
import { pickCompaction } from './pick.js';

/**
 * A tree through a whole life: flushes, compactions of both styles in turn, snapshots that come and go. The rules for all
 * picks are checked at each; what is special to a style has its test beside the style.
 */

const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('flush' as const), memtable: memtables }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('compact' as const), cuts }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('snapshot' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('release' as const), which: fc.nat() }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('reopen' as const),
        compaction: fc.constantFrom('leveled' as const, 'tiered' as const),
        levelsMax: fc.integer({ min: 2, max: 6 }),
        compactionRunsMax: fc.integer({ min: 2, max: 5 }),
        l0TablesMax: fc.integer({ min: 1, max: 4 }),
      }),
    },
  ),
  { maxLength: 40 },
);

const OPTIONS: EngineOptions = { ...DEFAULT_OPTIONS, l0TablesMax: 2, l1TablesMax: 1, levelRatio: 2 };

test('whatever is flushed, compacted, held by snapshots, and opened with another style, readers find the newest version', () => {
  let compactions = 0;
  fc.assert(
    fc.property(trees, steps, (sketch, script) => {
      const model = growTree(sketch);
      expect(model.problems()).toEqual([]);
      let options = OPTIONS;
      for (const step of script) {
        switch (step.kind) {
          case 'flush':
            model.flush(step.memtable);
            break;
          case 'compact': {
            const compaction = pickCompaction(model.levels, options);
            if (compaction === undefined) break;
            expectWellFormed(model, compaction, options);
            model.compact(compaction, step.cuts);
            compactions++;
            break;
          }
          case 'snapshot':
            model.snapshots = [...new Set([...model.snapshots, model.sequence])];
            break;
          case 'release':
            model.snapshots = model.snapshots.filter(
              (_, index) => index !== step.which % model.snapshots.length,
            );
            break;
          case 'reopen':
            model.snapshots = [];
            options = { ...options, ...step };
            break;
        }
        expect(model.problems()).toEqual([]);
      }
    }),
    { numRuns: 400 },
  );
  expect(compactions).toBeGreaterThan(300);
});

test('every version that is older than one of the inputs lies in the inputs or in what olderRuns gives', () => {
  let older = 0;
  fc.assert(
    fc.property(trees, fc.constantFrom('leveled' as const, 'tiered' as const), (sketch, style) => {
      const model = growTree(sketch);
      const compaction = pickCompaction(model.levels, { ...OPTIONS, compaction: style });
      if (compaction === undefined) return;
      const inputs = compaction.inputs.flat();
      const named = new Set([...inputs, ...olderRuns(model.levels, compaction).flat()]);
      const merged = model.entriesOf(inputs);
      for (const table of model.levels.flat()) {
        const isOlder = model
          .entriesOf([table])
          .some(({ key, sequence }) =>
            merged.some((entry) => compareKeys(entry.key, key) === 0 && sequence < entry.sequence),
          );
        if (isOlder) {
          older++;
          expect(named).toContain(table);
        }
      }
    }),
    { numRuns: 400 },
  );
  expect(older).toBeGreaterThan(100);
});
