import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KeyRange } from '../arguments.js';
import { compareKeys } from '../entry.js';
import { keys } from '../manifest/manifest-test-arbitraries.js';
import { DEFAULT_OPTIONS, type EngineOptions } from '../options.js';
import {
  cuts,
  growTree,
  type MemtableSketch,
  memtables,
  type TreeModel,
  trees,
} from './compaction-test-model.js';
import { expectWellFormed } from './compaction-test-rules.js';
import { ManualCompaction } from './manual.js';
import { pickCompaction } from './pick.js';

const options: fc.Arbitrary<EngineOptions> = fc
  .record({
    compaction: fc.constantFrom('leveled' as const, 'tiered' as const),
    levelsMax: fc.integer({ min: 2, max: 6 }),
    compactionRunsMax: fc.integer({ min: 2, max: 5 }),
    l0TablesMax: fc.integer({ min: 1, max: 3 }),
  })
  .map((given) => ({ ...DEFAULT_OPTIONS, l1TablesMax: 1, levelRatio: 2, ...given }));

const bound = fc.option(keys, { nil: undefined });
const ranges: fc.Arbitrary<KeyRange> = fc.record({ from: bound, before: bound });
const manyCuts = fc.array(cuts, { minLength: 1 });

/** Carries the request out, with a flush before each round as long as there are any; gives the rounds. */
function compactRange(
  model: TreeModel,
  range: KeyRange,
  given: EngineOptions,
  outputCuts: readonly (readonly boolean[])[],
  flushes: (round: number) => MemtableSketch | undefined = () => undefined,
): number {
  const manual = new ManualCompaction(range, model.nextNumber);
  for (let round = 0; ; round++) {
    const flushed = flushes(round);
    if (flushed !== undefined) model.flush(flushed);
    const compaction = manual.next(model.levels, given);
    if (compaction === undefined) return round;
    expectWellFormed(model, compaction, given);
    model.compact(compaction, outputCuts[round % outputCuts.length] ?? [true]);
    expect(model.problems()).toEqual([]);
    expect(round).toBeLessThan(100);
  }
}

function isInside({ from, before }: KeyRange, key: Uint8Array): boolean {
  return (
    (from === undefined || compareKeys(from, key) <= 0) &&
    (before === undefined || compareKeys(key, before) < 0)
  );
}

/** Versions of the range that nobody could miss, had nothing been written after `sequence`. */
function forgettable(model: TreeModel, range: KeyRange, sequence: number): readonly string[] {
  const inside = model
    .allEntries()
    .filter((entry) => entry.sequence <= sequence && isInside(range, entry.key));
  return inside
    .filter(
      (entry) =>
        entry.kind === 'tombstone' ||
        inside.some((other) => compareKeys(other.key, entry.key) === 0 && other.sequence > entry.sequence),
    )
    .map((entry) => `${entry.kind} of ${Buffer.from(entry.key).toString('hex')}@${entry.sequence}`);
}

test('it comes to an end and leaves nothing in its range that nobody needs, however much is flushed meanwhile', () => {
  fc.assert(
    fc.property(
      trees,
      ranges,
      options,
      manyCuts,
      fc.array(memtables, { maxLength: 4 }),
      (sketch, range, given, outputCuts, flushed) => {
        const model = growTree(sketch);
        const { sequence } = model;
        compactRange(model, range, given, outputCuts, (round) =>
          flushed.length > 0 ? flushed[round % flushed.length] : undefined,
        );
        expect(forgettable(model, range, sequence)).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});

test('what a snapshot needs stays readable, and is forgotten by the first call after its release', () => {
  fc.assert(
    fc.property(
      trees,
      fc.array(memtables, { maxLength: 3 }),
      ranges,
      options,
      manyCuts,
      (sketch, more, range, given, outputCuts) => {
        const model = growTree(sketch);
        model.snapshots = [model.sequence];
        for (const memtable of more) model.flush(memtable);
        compactRange(model, range, given, outputCuts);
        model.snapshots = [];
        compactRange(model, range, given, outputCuts);
        expect(forgettable(model, range, model.sequence)).toEqual([]);
      },
    ),
    { numRuns: 200 },
  );
});

test('a second call does nothing, or, for tombstones beside its range, one round', () => {
  fc.assert(
    fc.property(trees, ranges, options, manyCuts, (sketch, range, given, outputCuts) => {
      const model = growTree(sketch);
      compactRange(model, range, given, outputCuts);
      const all = range.from === undefined && range.before === undefined;
      expect(compactRange(model, range, given, outputCuts)).toBeLessThanOrEqual(all ? 0 : 1);
    }),
    { numRuns: 200 },
  );
});

test('a range that holds no key costs nothing where every level has one run', () => {
  fc.assert(
    fc.property(trees, keys, keys, options, (sketch, one, other, given) => {
      const model = growTree({ ...sketch, deep: sketch.deep.map((runs) => runs.slice(0, 1)) });
      const [before, from] = compareKeys(one, other) <= 0 ? [one, other] : [other, one];
      expect(compactRange(model, { from, before }, given, [[true]])).toBe(0);
    }),
  );
});

test('the range ends in one run, and a whole database in one level', () => {
  fc.assert(
    fc.property(trees, ranges, options, manyCuts, (sketch, range, given, outputCuts) => {
      const model = growTree(sketch);
      compactRange(model, range, given, outputCuts);
      const levels = new Set<number>();
      for (const table of model.levels.flat()) {
        if (model.entriesOf([table]).some(({ key }) => isInside(range, key))) levels.add(table.level);
      }
      expect(levels.size).toBeLessThanOrEqual(1);
      expect(levels).not.toContain(0);
    }),
    { numRuns: 200 },
  );
});

test('what goes on by itself afterwards comes to an end, too', () => {
  fc.assert(
    fc.property(trees, ranges, options, manyCuts, (sketch, range, given, outputCuts) => {
      const model = growTree(sketch);
      compactRange(model, range, given, outputCuts);
      let round = 0;
      for (;;) {
        const compaction = pickCompaction(model.levels, given);
        if (compaction === undefined) break;
        model.compact(compaction, outputCuts[round % outputCuts.length] ?? [true]);
        expect(model.problems()).toEqual([]);
        expect(++round).toBeLessThan(1_000);
      }
    }),
    { numRuns: 100 },
  );
});
