import fc from 'fast-check';
import { compareEntries, compareKeys, type Entry } from '../entry.js';
import { drain, iterate } from '../iterator/iterator-test-entries.js';
import { mergeEntries } from '../iterator/merge.js';
import { visibleEntries } from '../iterator/visible.js';
import { keys } from '../manifest/manifest-test-arbitraries.js';
import { type Run, runsOf, tableFor } from '../manifest/runs.js';
import { editLevels } from '../manifest/version.js';
import type { TableMeta } from '../table/meta.js';
import { type Compaction, olderRuns } from './compaction.js';
import { OlderTables } from './older.js';
import { retainVisible } from './retain.js';

/**
 * For tests only: a tree without files. Each table is the list of its versions, a flush and a compaction give lists
 * again, cut where the test says so, and every version that was ever written is remembered. So what a reader must find
 * can be worked out without any tree, from the history alone.
 *
 * The rules for what a compaction forgets are the engine's own (retain.ts, older.ts, olderRuns); the picks come from
 * the test. A choice that is not safe shows up as a read that gives something else than the history.
 */
export class TreeModel {
  levels: readonly (readonly TableMeta[])[] = [];
  /** Sequence numbers of living snapshots, ascending. */
  snapshots: readonly number[] = [];
  sequence = 0;
  nextNumber = 1;
  readonly #history: Entry[] = [];
  readonly #contents = new Map<number, readonly Entry[]>();

  /** A memtable becomes tables of L0. */
  flush({ writes, cuts }: MemtableSketch): void {
    const written = writes.map(({ key, kind }): Entry => {
      return { key, kind, sequence: ++this.sequence, value: NO_VALUE };
    });
    this.#history.push(...written);
    const sorted = [...written].sort(compareEntries);
    const kept = drain(retainVisible(iterate(sorted), this.snapshots, () => false));
    this.levels = editLevels(this.levels, { added: this.#cut(kept, 0, 0, cuts), removed: [] });
  }

  /** Does what runCompaction does, on lists. */
  compact(compaction: Compaction, cuts: Cuts): void {
    const { inputs, outputLevel, outputRun } = compaction;
    const older = new OlderTables(olderRuns(this.levels, compaction));
    const merged = mergeEntries(inputs.map((run) => iterate(this.entriesOf(run))));
    const kept = drain(retainVisible(merged, this.snapshots, (key) => !older.mayHold(key)));
    const added = this.#cut(kept, outputLevel, outputRun ?? this.nextNumber, cuts);
    this.levels = editLevels(this.levels, { added, removed: inputs.flat() });
  }

  /** Puts a run into a level below L0, newer than what is there. For trees that no history of this model has made. */
  plant(level: number, run: number, entries: readonly Entry[], cuts: Cuts): void {
    this.#history.push(...entries);
    for (const { sequence } of entries) this.sequence = Math.max(this.sequence, sequence);
    const added = this.#cut([...entries].sort(compareEntries), level, run, cuts);
    this.levels = editLevels(this.levels, { added, removed: [] });
  }

  entriesOf(run: Run): readonly Entry[] {
    return run.flatMap(({ number }) => this.#contents.get(number) ?? []);
  }

  /** Every version that some table holds. */
  allEntries(): readonly Entry[] {
    return this.entriesOf(this.levels.flat());
  }

  /** What is wrong with the tree, in words; nothing if reads give what the history says and runs are in order. */
  problems(): readonly string[] {
    const problems = runsOf(this.levels).flatMap((run) => {
      const overlaps = run.some((table, index) => {
        const next = run[index + 1];
        return next !== undefined && compareKeys(table.largest, next.smallest) >= 0;
      });
      return overlaps ? [`tables of run ${run[0]?.run} of level ${run[0]?.level} overlap`] : [];
    });
    for (const sequence of [...this.snapshots, this.sequence]) {
      const expected = this.#visibleInHistory(sequence);
      const scanned = drain(
        visibleEntries(
          mergeEntries(runsOf(this.levels).map((run) => iterate(this.entriesOf(run)))),
          sequence,
        ),
      );
      if (textOf(scanned) !== textOf(expected)) {
        problems.push(`at ${sequence} a scan gives ${textOf(scanned)} instead of ${textOf(expected)}`);
      }
      for (const key of this.#keys()) {
        const found = this.#find(key, sequence);
        const wanted = expected.find((entry) => compareKeys(entry.key, key) === 0);
        if (found?.sequence !== wanted?.sequence) {
          problems.push(
            `at ${sequence} ${keyText(key)} gives ${found?.sequence} instead of ${wanted?.sequence}`,
          );
        }
      }
    }
    return problems;
  }

  /** As a read goes: from run to run, and the first version that is old enough decides. */
  #find(key: Uint8Array, sequence: number): Entry | undefined {
    for (const run of runsOf(this.levels)) {
      const table = tableFor(run, key);
      const found = (table === undefined ? [] : this.entriesOf([table])).find(
        (entry) => compareKeys(entry.key, key) === 0 && entry.sequence <= sequence,
      );
      if (found !== undefined) return found.kind === 'value' ? found : undefined;
    }
    return undefined;
  }

  #visibleInHistory(sequence: number): readonly Entry[] {
    return drain(visibleEntries(iterate([...this.#history].sort(compareEntries)), sequence));
  }

  #keys(): readonly Uint8Array[] {
    return [...new Map(this.#history.map(({ key }) => [keyText(key), key])).values()];
  }

  /** All versions of a key go into one table, as in table/builder.ts. */
  #cut(entries: readonly Entry[], level: number, run: number, cuts: Cuts): readonly TableMeta[] {
    const tables: Entry[][] = [];
    for (const [index, entry] of entries.entries()) {
      const table = tables.at(-1);
      const last = table?.at(-1);
      const sameKey = last !== undefined && compareKeys(last.key, entry.key) === 0;
      if (table === undefined || (!sameKey && cuts[index % cuts.length] === true)) tables.push([entry]);
      else table.push(entry);
    }
    return tables.map((table) => {
      const number = this.nextNumber++;
      this.#contents.set(number, table);
      return metaOf(table, number, level, run);
    });
  }
}

/** Whether a table ends before the n-th entry; repeats itself. */
export type Cuts = readonly boolean[];

/** Writes in the order in which they are made, and where the tables of their memtable are cut. */
export interface MemtableSketch {
  readonly writes: readonly { readonly key: Uint8Array; readonly kind: Entry['kind'] }[];
  readonly cuts: Cuts;
}

export const cuts: fc.Arbitrary<Cuts> = fc.array(fc.boolean(), { minLength: 1, maxLength: 7 });

export const memtables: fc.Arbitrary<MemtableSketch> = fc.record({
  writes: fc.array(fc.record({ key: keys, kind: fc.constantFrom('value', 'value', 'tombstone') }), {
    minLength: 1,
    maxLength: 12,
  }),
  cuts,
});

/**
 * Trees as a database may have them that either style has made, and the other one opens: L0 overlaps, every level below
 * has some runs. The newer of two versions of a key is in the newer run; between keys sequence numbers say nothing.
 */
export interface TreeSketch {
  /** From L1 down, the runs of each level from old to new. */
  readonly deep: readonly (readonly MemtableSketch[])[];
  /** Of L0, from old to new. */
  readonly top: readonly MemtableSketch[];
  /** Shuffle the sequence numbers of what lies below L0. */
  readonly ranks: readonly number[];
}

export const trees: fc.Arbitrary<TreeSketch> = fc.record({
  deep: fc.array(fc.array(memtables, { maxLength: 3 }), { maxLength: 4 }),
  top: fc.array(memtables, { maxLength: 5 }),
  ranks: fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 20 }),
});

export function growTree({ deep, top, ranks }: TreeSketch): TreeModel {
  const model = new TreeModel();
  // Runs from old to new, which is from the deepest level up.
  const runs = deep
    .map((sketches, index) => sketches.map((sketch, run) => ({ level: index + 1, run, sketch })))
    .reverse()
    .flat();
  const rankOf = (index: number): number => ranks[index % ranks.length] ?? 0;
  const writes = runs.flatMap(({ sketch }) => sketch.writes);
  const shuffled = writes.map((_, index) => index).sort((a, b) => rankOf(a) - rankOf(b));
  const sequences = ascendingByKey(
    writes.map(({ key }) => key),
    shuffled,
  );
  let done = 0;
  for (const { level, run, sketch } of runs) {
    const entries = sketch.writes.map(({ key, kind }): Entry => {
      return { key, kind, sequence: sequences[done++] ?? 0, value: NO_VALUE };
    });
    model.plant(level, run, entries, sketch.cuts);
  }
  for (const sketch of top) model.flush(sketch);
  return model;
}

/** Numbers from 1, where those of one key ascend. */
function ascendingByKey(writtenKeys: readonly Uint8Array[], shuffled: readonly number[]): readonly number[] {
  const places = new Map<string, number[]>();
  for (const [index, key] of writtenKeys.entries()) {
    places.set(keyText(key), [...(places.get(keyText(key)) ?? []), index]);
  }
  const sequences = [...shuffled];
  for (const indexes of places.values()) {
    const own = indexes.map((index) => shuffled[index] ?? 0).sort((a, b) => a - b);
    for (const [rank, index] of indexes.entries()) sequences[index] = own[rank] ?? 0;
  }
  return sequences.map((sequence) => sequence + 1);
}

function metaOf(entries: readonly Entry[], number: number, level: number, run: number): TableMeta {
  const sequences = entries.map(({ sequence }) => sequence);
  return {
    number,
    level,
    run: level === 0 ? 0 : run,
    bytes: entries.length,
    entries: entries.length,
    tombstones: entries.filter(({ kind }) => kind === 'tombstone').length,
    keys: new Set(entries.map(({ key }) => keyText(key))).size,
    smallest: entries[0]?.key ?? NO_VALUE,
    largest: entries.at(-1)?.key ?? NO_VALUE,
    sequenceMin: Math.min(...sequences),
    sequenceMax: Math.max(...sequences),
  };
}

function textOf(entries: readonly Entry[]): string {
  return entries.map(({ key, sequence }) => `${keyText(key)}@${sequence}`).join(' ');
}

function keyText(key: Uint8Array): string {
  return Buffer.from(key).toString('hex');
}

const NO_VALUE = new Uint8Array(0);
