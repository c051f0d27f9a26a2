/**
 * What the MANIFEST says about one table: enough to choose tables for a read or a compaction without opening them,
 * and to notice when the file under that name is another one. Plain data; the key bytes are copies of their own.
 */
export interface TableMeta {
  /** From the counter of file numbers; never reused. */
  readonly number: number;
  /** The level, and so the directory, that the file lies in. */
  readonly level: number;
  /** The sorted run of its level that it belongs to (manifest/runs.ts); a higher one is newer. 0 in L0. */
  readonly run: number;
  /** Size of the .sst file; the sidecar is not counted. */
  readonly bytes: number;
  /** Versions held, tombstones included; at least 1. */
  readonly entries: number;
  readonly tombstones: number;
  /** Different keys among the entries. */
  readonly keys: number;
  /** First and last key, both held by the table. */
  readonly smallest: Uint8Array;
  readonly largest: Uint8Array;
  readonly sequenceMin: number;
  readonly sequenceMax: number;
}
