import type { KeyRange } from '../arguments.js';
import { compareKeys } from '../entry.js';
import type { TableMeta } from '../table/meta.js';

/**
 * Sorted runs. A run is a list of tables that do not overlap, ordered by key: one look finds the only table that may
 * hold a key. Every table of L0 is a run of its own, since flushes overlap. Below, leveled compaction keeps one run a
 * level, tiered compaction several; the tables of one run share `TableMeta.run`, and a higher one is newer.
 */
export type Run = readonly TableMeta[];

/** The runs of a level, newest first. `tables` is in the order of `Version.levels`. */
export function runsOfLevel(tables: readonly TableMeta[]): readonly Run[] {
  const runs: TableMeta[][] = [];
  for (const table of tables) {
    const last = runs.at(-1);
    if (last === undefined || table.level === 0 || last[0]?.run !== table.run) runs.push([table]);
    else last.push(table);
  }
  return runs;
}

/** The runs of all levels, newest first: what a read looks through, in this order. */
export function runsOf(levels: readonly (readonly TableMeta[])[]): readonly Run[] {
  return levels.flatMap(runsOfLevel);
}

/** The one table of a run whose range holds `key`, by binary search over the largest keys. */
export function tableFor(run: Run, key: Uint8Array): TableMeta | undefined {
  const table = run[firstReaching(run, key)];
  return table !== undefined && compareKeys(table.smallest, key) <= 0 ? table : undefined;
}

/** The tables of a run whose key range meets `smallest` to `largest`, both inclusive. */
export function overlappingInRun(run: Run, smallest: Uint8Array, largest: Uint8Array): Run {
  const start = firstReaching(run, smallest);
  let end = start;
  for (let table = run[end]; table !== undefined; table = run[++end]) {
    if (compareKeys(table.smallest, largest) > 0) break;
  }
  return run.slice(start, end);
}

/** The tables of a run that may hold a key of the range; none if the range is empty. */
export function tablesInRange(run: Run, { from, before }: KeyRange): Run {
  if (from !== undefined && before !== undefined && compareKeys(from, before) >= 0) return [];
  const start = from === undefined ? 0 : firstReaching(run, from);
  const end =
    before === undefined ? run.length : firstIndex(run, ({ smallest }) => compareKeys(smallest, before) >= 0);
  return run.slice(start, end);
}

/** Smallest and largest key of a set of tables, both inclusive. There must be at least one table. */
export function keyRange(tables: readonly TableMeta[]): {
  readonly smallest: Uint8Array;
  readonly largest: Uint8Array;
} {
  return tables
    .map(({ smallest, largest }) => ({ smallest, largest }))
    .reduce((range, table) => ({
      smallest: compareKeys(table.smallest, range.smallest) < 0 ? table.smallest : range.smallest,
      largest: compareKeys(table.largest, range.largest) > 0 ? table.largest : range.largest,
    }));
}

/** Index of the first table of a run whose largest key is not less than `key`. */
function firstReaching(run: Run, key: Uint8Array): number {
  return firstIndex(run, ({ largest }) => compareKeys(largest, key) >= 0);
}

/** Index of the first table of which `holds` is true, which it then is of all behind; the length if of none. */
function firstIndex(run: Run, holds: (table: TableMeta) => boolean): number {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(run[middle] as TableMeta)) high = middle;
    else low = middle + 1;
  }
  return low;
}
