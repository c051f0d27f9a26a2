/** Figures of an open database; all counted since it was opened unless said otherwise. */
export interface EngineStats {
  /** Tables and bytes of each level at present. */
  readonly levels: readonly { readonly tables: number; readonly bytes: number; readonly entries: number }[];
  readonly memtableEntries: number;
  readonly memtablesWaiting: number;
  readonly visibleSequence: number;
  /** In the background; the tables that recovery writes are not counted. */
  readonly flushes: number;
  readonly compactions: number;
  /** Bytes of the tables that compactions wrote. */
  readonly compactedBytes: number;
  /** Bytes of keys and values that were written. */
  readonly writtenBytes: number;
  /** Bytes of the records that hold them. */
  readonly walBytes: number;
  /** Rotations that waited for flush or compaction, and for how long. */
  readonly stalls: number;
  readonly stallMs: number;
  /** Groups of writes that let background work go first. */
  readonly slowdowns: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  readonly orphansDeleted: number;
}
