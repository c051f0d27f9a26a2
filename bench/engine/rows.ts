import type { StoreName } from './store.js';

/**
 * The rows of the table: what is measured, at which durability, in which unit, and what our engine aims for against
 * classic-level. How each is measured stands in write-rows.ts and read-rows.ts, under the same ids.
 */
export interface Row {
  readonly id: RowId;
  readonly title: string;
  /** 'os' and 'always' are the durability of the writes; 'read' writes nothing. */
  readonly group: 'os' | 'always' | 'read';
  readonly unit: Unit;
  /** How many times as quick as classic-level we want to be. */
  readonly target?: number;
}

/** Operations or entries a second, where more is better, or seconds, where less is. */
export type Unit = 'per second' | 'seconds';

export const ROW_IDS = [
  'put',
  'batch-100',
  'batch-1000',
  'batch-100-settled',
  'batch-1000-settled',
  'put-always',
  'put-always-concurrent',
  'get',
  'get-absent',
  'scan',
  'scan-short',
  'get-many',
  'get-sync',
] as const;
export type RowId = (typeof ROW_IDS)[number];

/** Writers that put at the same time in the concurrent row. */
export const LANES = 64;
/** Keys that one `getMany` asks for, and pairs that a short scan reads. */
export const MANY = 100;
export const SHORT_SCAN_PAIRS = 1_000;

export const ROWS: readonly Row[] = [
  { id: 'put', title: 'put, awaited one by one', group: 'os', unit: 'per second', target: 5 },
  { id: 'batch-100', title: 'batches of 100, entries', group: 'os', unit: 'per second', target: 1 },
  { id: 'batch-1000', title: 'batches of 1,000, entries', group: 'os', unit: 'per second', target: 1 },
  { id: 'batch-100-settled', title: 'batches of 100, until settled', group: 'os', unit: 'seconds' },
  { id: 'batch-1000-settled', title: 'batches of 1,000, until settled', group: 'os', unit: 'seconds' },
  { id: 'put-always', title: 'synced put, awaited one by one', group: 'always', unit: 'per second' },
  {
    id: 'put-always-concurrent',
    title: `synced put, ${LANES} at a time`,
    group: 'always',
    unit: 'per second',
    target: 2,
  },
  { id: 'get', title: 'get, awaited one by one', group: 'read', unit: 'per second', target: 5 },
  { id: 'get-absent', title: 'get of an absent key, awaited', group: 'read', unit: 'per second', target: 5 },
  { id: 'scan', title: 'scan of everything, pairs', group: 'read', unit: 'per second', target: 1 },
  { id: 'scan-short', title: 'scans of 1,000 pairs, pairs', group: 'read', unit: 'per second' },
  { id: 'get-many', title: `getMany of ${MANY}, keys`, group: 'read', unit: 'per second' },
  { id: 'get-sync', title: 'get, synchronous', group: 'read', unit: 'per second' },
];

/** What keeps a row below its aim, for the line below the table. */
export const LIMITS: Readonly<Partial<Record<RowId, string>>> = {
  put: 'a write(2) a put, its record and the memtable, and flush and merge share one thread with the caller',
  'batch-100': 'flush and merge share one thread with the writer, where LevelDB has a second one',
  'batch-1000': 'flush and merge share one thread with the writer, where LevelDB has a second one',
  'put-always-concurrent': 'the group waits for one fdatasync; more writers at a time make larger groups',
  get: 'a read that misses the block cache is a read(2) of a block, its checksum and a search in it, all in JavaScript',
  'get-absent': 'finding the table and hashing the key for its filter, all in JavaScript',
  scan: 'every block is decoded and every pair allocated in JavaScript',
};

/** How much each row does, from the number of entries that the read rows look at. */
export interface Sizes {
  readonly entries: number;
  readonly puts: number;
  readonly batchEntries: number;
  readonly syncedPuts: number;
  readonly concurrentPuts: number;
  readonly gets: number;
  readonly shortScans: number;
  /** Operations of each kind that are done and not counted, so that what is measured is compiled code. */
  readonly warmUp: number;
}

/** The sizes for 1,000,000 entries are those of the published table. */
export function sizesFor(entries: number): Sizes {
  return {
    entries,
    puts: Math.ceil(entries / 5),
    batchEntries: Math.ceil((3 * entries) / 10 / 1_000) * 1_000,
    syncedPuts: Math.ceil(entries / 500),
    concurrentPuts: Math.ceil(entries / 50),
    gets: Math.ceil(entries / 5),
    shortScans: Math.ceil(entries / 1_000),
    warmUp: Math.min(20_000, Math.ceil(entries / 10)),
  };
}

/** One figure of one engine in one round. */
export interface Figure {
  readonly store: StoreName;
  readonly round: number;
  readonly id: string;
  readonly value: number;
}
