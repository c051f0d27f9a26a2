import { compareKeys } from '../entry.js';

/**
 * What the MANIFEST says about one table: enough to choose tables for a read or a compaction without opening them,
 * and to notice when the file under that name is another one. Plain data; the key bytes are copies of their own.
 */
export interface TableMeta {
  /** From the counter of file numbers; never reused. */
  readonly number: number;
  /** The level, and so the directory, that the file lies in. */
  readonly level: number;
  /** Size of the .sst file; the sidecar is not counted. */
  readonly bytes: number;
  /** Versions held, tombstones included; at least 1. */
  readonly entries: number;
  readonly tombstones: number;
  /** First and last key, both held by the table. */
  readonly smallest: Uint8Array;
  readonly largest: Uint8Array;
  readonly sequenceMin: number;
  readonly sequenceMax: number;
}

/**
 * Tables as sorted runs, each in key order and without overlap: every table of L0 is one by itself, all tables of a
 * level below are one together. Runs come in the order of `Version.levels`; an empty level gives none.
 */
export function sortedRuns(tables: readonly TableMeta[]): readonly (readonly TableMeta[])[] {
  const runs = tables.filter(({ level }) => level === 0).map((table) => [table]);
  const levels = [...new Set(tables.map(({ level }) => level))].sort((left, right) => left - right);
  for (const level of levels) {
    if (level === 0) continue;
    const run = tables.filter((table) => table.level === level);
    runs.push(run.sort((left, right) => compareKeys(left.smallest, right.smallest)));
  }
  return runs;
}
