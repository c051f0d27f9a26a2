/** What the cases of a scenario look like. */
export interface Workload {
  /** Options of the target; small limits make flush and compaction happen within a few operations. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Options that differ from case to case: each draws one of these. */
  readonly variants?: readonly Readonly<Record<string, unknown>>[];
  /** Keys that a case may use, 1 to 16; each case draws how many. */
  readonly keysMax: number;
  /** Operations drawn for a life, before the kinds that the case has switched off are taken out. */
  readonly operationsMin?: number;
  readonly operationsMax: number;
  readonly livesMax: number;
  /** Every second operation starts while earlier ones are in flight, not every sixth, and syncs are six times as many. */
  readonly crowded?: boolean;
}

/** A memtable of four entries and tables of three: ten writes are enough to reach every part of the engine. */
export const TINY_OPTIONS = {
  memtableEntriesMax: 4,
  tableEntriesMax: 3,
  blockBytes: 64,
  restartInterval: 2,
  l0TablesMax: 3,
  l1TablesMax: 2,
  levelRatio: 2,
  l0TablesStall: 8,
} as const;
