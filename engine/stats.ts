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
  readonly stalls: number;
  readonly cacheHits: number;
  readonly cacheMisses: number;
  readonly orphansDeleted: number;
}
