import { compareKeys } from '../entry.js';
import type { TableMeta } from '../table/meta.js';

/**
 * What a MANIFEST says: the tables of every level, the WALs that recovery must find, the number counter and the
 * newest sequence that has reached a table. A version is immutable; an edit gives the next one.
 */
export interface Version {
  /** L0 newest first; every other level run by run, the newest first, and each run by key (runs.ts). */
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

/** The levels after an edit, in the order that `Version.levels` demands; one that the edit does not touch is the same array. */
export function editLevels(
  levels: readonly (readonly TableMeta[])[],
  { added, removed }: VersionEdit,
): readonly (readonly TableMeta[])[] {
  const gone = new Set(removed.map((table) => table.number));
  const touched = new Set([...added, ...removed].map((table) => table.level));
  const deepest = Math.max(levels.length - 1, ...added.map((table) => table.level));
  return Array.from({ length: deepest + 1 }, (_, level) => {
    const before = levels[level] ?? [];
    if (!touched.has(level)) return before;
    const kept = before.filter((table) => !gone.has(table.number));
    const tables = [...kept, ...added.filter((table) => table.level === level)];
    return tables.sort(level === 0 ? newestFirst : byRunAndKey);
  });
}

function newestFirst(left: TableMeta, right: TableMeta): number {
  return right.sequenceMax - left.sequenceMax || right.number - left.number;
}

function byRunAndKey(left: TableMeta, right: TableMeta): number {
  return right.run - left.run || compareKeys(left.smallest, right.smallest);
}
