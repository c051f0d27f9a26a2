import type { BlockCacheStats } from './cache.js';

/** What the reads of all tables have cost since the database was opened. Plain counters; tables add to them. */
export class ReadCounters {
  gets = 0;
  filterChecks = 0;
  filterNegatives = 0;
  filterFalsePositives = 0;
  getBytes = 0;
  scanBytes = 0;
  compactionBytes = 0;
}

/** The counters at one moment, with those of the block cache. */
export interface ReadStats {
  /** Keys that were asked for. */
  readonly gets: number;
  /** Tables whose filter was asked for a key, and how often it said that the key is absent. */
  readonly filterChecks: number;
  readonly filterNegatives: number;
  /** Keys that a filter let pass though the table has no version of them; reads of old snapshots are not counted. */
  readonly filterFalsePositives: number;
  readonly cache: BlockCacheStats;
  /** Bytes of data blocks read from files, as they are stored, trailers included. */
  readonly getBytes: number;
  readonly scanBytes: number;
  readonly compactionBytes: number;
  /** Files of tables that are open. */
  readonly openFiles: number;
}
