import { compareKeys } from '../entry.js';
import type { TableMeta } from '../table/meta.js';

/**
 * What a MANIFEST says: the tables of every level, the WALs that recovery must find, the number counter and the
 * newest sequence that has reached a table. A version is immutable; an edit gives the next one.
 */
export interface Version {
  /** L0 newest first; the tables of every other level ordered by key and not overlapping. */
  readonly levels: readonly (readonly TableMeta[])[];
  /** Ascending. A WAL numbered above the MANIFEST itself is live too: it was made after it. */
  readonly walNumbers: readonly number[];
  /** Every number below it may have been used. */
  readonly nextNumber: number;
  readonly flushedSequence: number;
}

export const EMPTY_VERSION: Version = { levels: [], walNumbers: [], nextNumber: 1, flushedSequence: 0 };

export interface VersionEdit {
  readonly added: readonly TableMeta[];
  readonly removed: readonly TableMeta[];
  readonly flushedSequence?: number;
}

/** The levels after an edit, in the order that `Version.levels` demands. */
export function editLevels(
  levels: readonly (readonly TableMeta[])[],
  edit: VersionEdit,
): readonly (readonly TableMeta[])[] {
  const removed = new Set(edit.removed.map((table) => table.number));
  const deepest = Math.max(levels.length - 1, ...edit.added.map((table) => table.level));
  return Array.from({ length: deepest + 1 }, (_, level) => {
    const kept = (levels[level] ?? []).filter((table) => !removed.has(table.number));
    const tables = [...kept, ...edit.added.filter((table) => table.level === level)];
    return tables.sort(level === 0 ? newestFirst : bySmallestKey);
  });
}

/** The tables of one level whose key range meets `smallest` to `largest`, both inclusive. */
export function overlapping(
  tables: readonly TableMeta[],
  smallest: Uint8Array,
  largest: Uint8Array,
): readonly TableMeta[] {
  return tables.filter(
    (table) => compareKeys(table.smallest, largest) <= 0 && compareKeys(table.largest, smallest) >= 0,
  );
}

function newestFirst(left: TableMeta, right: TableMeta): number {
  return right.sequenceMax - left.sequenceMax || right.number - left.number;
}

function bySmallestKey(left: TableMeta, right: TableMeta): number {
  return compareKeys(left.smallest, right.smallest);
}
