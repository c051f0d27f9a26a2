import { overlappingInRun, type Run } from './manifest/runs.js';
import type { TableMeta } from './table/meta.js';

/** Figures of an open database; all counted since it was opened unless said otherwise. */
export interface EngineStats extends Counted, Amplification {
  /** Tables and bytes of each level at present. */
  readonly levels: readonly { readonly tables: number; readonly bytes: number; readonly entries: number }[];
  readonly memtableEntries: number;
  readonly memtablesWaiting: number;
  readonly visibleSequence: number;
  /** In the background; the tables that recovery writes are not counted. */
  readonly flushes: number;
  readonly compactions: number;
  /** Rotations that waited for flush or compaction, and for how long. */
  readonly stalls: number;
  readonly stallMs: number;
  /** Groups of writes that let background work go first. */
  readonly slowdowns: number;
  /** Looks into a table that its filter spared, and those that it let pass. */
  readonly filterHits: number;
  /** Those among the latter that found no version of the key; reads of old snapshots are not counted. */
  readonly filterFalsePositives: number;
  /** Keys that were known to be absent. */
  readonly negativeCacheHits: number;
  /** Blocks that gets and scans found in the cache, and those that they had to read. */
  readonly cacheHits: number;
  readonly cacheMisses: number;
  /** Bytes of the blocks in the cache at present, as they are before compression. */
  readonly cacheBytes: number;
  /** Files of tables that are open at present. */
  readonly openFiles: number;
  readonly orphansDeleted: number;
}

/** What amplification is made of. */
interface Counted {
  /** Bytes of keys and values that were written. */
  readonly writtenBytes: number;
  /** Bytes of the records that hold them. */
  readonly walBytes: number;
  /** Bytes of the tables that flushes wrote, and of those that compactions did; sidecars are not counted. */
  readonly flushedBytes: number;
  readonly compactedBytes: number;
  /** Keys that were looked for by `get` and `getMany`. */
  readonly gets: number;
  /** Looks into a table. */
  readonly filterMisses: number;
  /** Bytes of the tables on disk at present, those that only a scan still needs included. */
  readonly tableBytes: number;
}

/** Each is 0 as long as there is nothing to divide by. */
export interface Amplification {
  /** Bytes that went to the WAL and to tables, for each byte of keys and values written. MANIFESTs and sidecars are not counted. */
  readonly writeAmplification: number;
  /** Tables that were looked into, for each key asked for; a look that a filter spares is none. */
  readonly readAmplification: number;
  /** Bytes of the tables on disk, for each byte that is estimated to be live (`liveBytes`). */
  readonly spaceAmplification: number;
  /**
   * Bytes of tables that a full compaction would leave, estimated from the MANIFEST alone: a table counts as far as its
   * entries are the only version of their key in it and no tombstones, but not at all if an older table that counts has
   * a key range that meets its own. So it is right for overwrites that are spread over the keys, and too small, and the
   * amplification too large, for new keys in between old ones that are not compacted yet. Memtables are not counted.
   */
  readonly liveBytes: number;
}

/** `runs` are the sorted runs of the database, newest first. */
export function amplification(counted: Counted, runs: readonly Run[]): Amplification {
  const { writtenBytes, walBytes, flushedBytes, compactedBytes, gets, filterMisses, tableBytes } = counted;
  const liveBytes = estimateLiveBytes(runs);
  return {
    writeAmplification: ratio(walBytes + flushedBytes + compactedBytes, writtenBytes),
    readAmplification: ratio(filterMisses, gets),
    spaceAmplification: ratio(tableBytes, liveBytes),
    liveBytes,
  };
}

/** As RocksDB does for its property `estimate-live-data-size`, but oldest run by oldest run. */
function estimateLiveBytes(runs: readonly Run[]): number {
  const older: Run[] = [];
  let bytes = 0;
  for (const run of runs.toReversed()) {
    const counting = run.filter(({ smallest, largest }) =>
      older.every((below) => overlappingInRun(below, smallest, largest).length === 0),
    );
    if (counting.length > 0) older.push(counting);
    for (const table of counting) bytes += liveBytesOf(table);
  }
  return Math.round(bytes);
}

function liveBytesOf({ bytes, entries, keys, tombstones }: TableMeta): number {
  return (bytes * Math.max(0, keys - tombstones)) / entries;
}

function ratio(amount: number, unit: number): number {
  return unit === 0 ? 0 : amount / unit;
}
