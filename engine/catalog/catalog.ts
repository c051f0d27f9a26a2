import { type DatabaseFile, LOCK_PATH, pathOf } from '../filenames.js';
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
  readonly manifestNumber: number;
}

/** A memtable and the WAL that holds the same writes. */
export interface LoggedMemtable {
  readonly memtable: Memtable;
  readonly walNumber: number;
}

/** WAL numbers of a catalog, ascending. */
export function walNumbersOf(catalog: Catalog): readonly number[] {
  return [...catalog.flushing, catalog.active].map((logged) => logged.walNumber);
}

/** Every file that a catalog needs, but for LOCK. */
export function filesOf(catalog: Catalog): readonly DatabaseFile[] {
  return [
    { kind: 'manifest', number: catalog.manifestNumber },
    ...walNumbersOf(catalog).map((number): DatabaseFile => ({ kind: 'wal', number })),
    ...catalog.levels.flat().flatMap(filesOfTable),
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
