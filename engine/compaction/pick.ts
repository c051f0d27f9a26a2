import { compareKeys } from '../entry.js';
import { overlapping } from '../manifest/version.js';
import type { EngineOptions } from '../options.js';
import type { TableMeta } from '../table/meta.js';

/**
 * Leveled compaction: which tables to merge next. L0 goes first, when it has too many tables: all of it, since its
 * tables overlap, with the tables of L1 that it meets. Below, a level that holds more than its share gives its
 * table with the smallest key range overlap to the next one. A pure function of the levels.
 */
export interface Compaction {
  readonly inputs: readonly TableMeta[];
  readonly outputLevel: number;
}

export function pickCompaction(
  levels: readonly (readonly TableMeta[])[],
  options: EngineOptions,
): Compaction | undefined {
  if ((levels[0]?.length ?? 0) >= options.l0TablesMax) return compactWhole(levels, 0);
  for (let level = 1; level < Math.min(levels.length, options.levelsMax - 1); level++) {
    const tables = levels[level] ?? [];
    if (tables.length > options.l1TablesMax * options.levelRatio ** (level - 1)) {
      return pushDown(levels, level, tables);
    }
  }
  return undefined;
}

/** Merges the first level that has tables with the one below; undefined once everything lies in one level below L0. */
export function pickManual(
  levels: readonly (readonly TableMeta[])[],
  options: EngineOptions,
): Compaction | undefined {
  const occupied = levels.flatMap((tables, level) => (tables.length > 0 ? [level] : []));
  const first = occupied[0];
  if (first === undefined || first >= options.levelsMax - 1) return undefined;
  return first === 0 || occupied.length > 1 ? compactWhole(levels, first) : undefined;
}

function compactWhole(levels: readonly (readonly TableMeta[])[], level: number): Compaction {
  const upper = levels[level] ?? [];
  const { smallest, largest } = keyRange(upper);
  return {
    inputs: [...upper, ...overlapping(levels[level + 1] ?? [], smallest, largest)],
    outputLevel: level + 1,
  };
}

function pushDown(
  levels: readonly (readonly TableMeta[])[],
  level: number,
  tables: readonly TableMeta[],
): Compaction {
  const below = levels[level + 1] ?? [];
  const candidates = tables.map((table) => [table, ...overlapping(below, table.smallest, table.largest)]);
  const inputs = candidates.reduce((best, next) => (next.length < best.length ? next : best));
  return { inputs, outputLevel: level + 1 };
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
