import { type DatabaseFile, LOCK_PATH, pathOf } from '../filenames.js';
import { type Run, runsOf } from '../manifest/runs.js';
import type { Memtable } from '../memtable/memtable.js';
import type { TableMeta } from '../table/meta.js';

/**
 * One consistent view of the whole database: the memtable that takes writes, those that wait for their flush, and
 * the tables of every level. A catalog never changes; rotation, flush and compaction each make the next one.
 */
export interface Catalog {
  readonly active: LoggedMemtable;
  /** Oldest first, which is the order in which they are flushed. */
  readonly flushing: readonly LoggedMemtable[];
  /** In the order of `Version.levels`. */
  readonly levels: readonly (readonly TableMeta[])[];
  /** The same tables as sorted runs, newest first. */
  readonly runs: readonly Run[];
  readonly manifestNumber: number;
}

/** A memtable and the WAL that holds the same writes. */
export interface LoggedMemtable {
  readonly memtable: Memtable;
  readonly walNumber: number;
}

export function makeCatalog(parts: Omit<Catalog, 'runs'>): Catalog {
  return { ...parts, runs: runsOf(parts.levels) };
}

/** WAL numbers of a catalog, ascending. */
export function walNumbersOf(catalog: Catalog): readonly number[] {
  return [...catalog.flushing, catalog.active].map((logged) => logged.walNumber);
}

/** Every file that a catalog needs, but for LOCK. */
export function filesOf(catalog: Catalog): readonly DatabaseFile[] {
  return [...filesBesideTables(catalog), ...catalog.levels.flat().flatMap(filesOfTable)];
}

/** The files that `before` names and `after` does not. Levels that both share are not looked at. */
export function filesLost(before: Catalog, after: Catalog): readonly DatabaseFile[] {
  const kept = new Set(filesBesideTables(after).map(pathOf));
  return [
    ...filesBesideTables(before).filter((file) => !kept.has(pathOf(file))),
    ...before.levels
      .flatMap((tables, level) => lostTables(tables, after.levels[level]))
      .flatMap(filesOfTable),
  ];
}

export function filesOfTable({ number, level }: TableMeta): readonly DatabaseFile[] {
  return [
    { kind: 'table', number, level },
    { kind: 'bloom', number, level },
  ];
}

/** Sorted paths of a catalog's files and LOCK. */
export function livePaths(catalog: Catalog): readonly string[] {
  return [LOCK_PATH, ...filesOf(catalog).map(pathOf)].sort();
}

function filesBesideTables(catalog: Catalog): readonly DatabaseFile[] {
  return [
    { kind: 'manifest', number: catalog.manifestNumber },
    ...walNumbersOf(catalog).map((number): DatabaseFile => ({ kind: 'wal', number })),
  ];
}

function lostTables(
  before: readonly TableMeta[],
  after: readonly TableMeta[] | undefined = [],
): readonly TableMeta[] {
  if (before === after) return [];
  const kept = new Set(after.map(({ number }) => number));
  return before.filter(({ number }) => !kept.has(number));
}
