/**
 * What an engine must do to take part: the operations of the rows, each in the way that its own documentation
 * calls quick. A store that answers at once may return the answer itself instead of a promise; the rows await
 * either. Which options each store runs with is said in its own file and printed with the table.
 */
export interface Store {
  put(key: Buffer, value: Buffer): Awaitable<unknown>;
  /** One atomic batch; both lists have the same length. */
  putBatch(keys: readonly Buffer[], values: readonly Buffer[]): Awaitable<unknown>;
  get(key: Buffer): Awaitable<Uint8Array | undefined>;
  /** Where the engine answers without a promise. */
  readonly getSync?: (key: Buffer) => Uint8Array | undefined;
  getMany(keys: readonly Buffer[]): Awaitable<readonly (Uint8Array | undefined)[]>;
  /** Reads up to `limit` pairs in key order from `first` on, and counts them and their bytes. */
  scan(first: Buffer, limit: number): Promise<Scanned>;
  /** Resolves when no background work is left, with the time at which it ended (performance.now). */
  settled(): Promise<number>;
  /** Where the engine can be told: resolves when everything lies in tables. */
  readonly flushed?: () => Promise<void>;
  close(): Awaitable<unknown>;
}

export interface Scanned {
  readonly pairs: number;
  readonly bytes: number;
}

export type Awaitable<Value> = Value | Promise<Value>;

/** 'os': answered without a sync, survives the death of the process. 'always': answered after a sync. */
export type Durability = 'os' | 'always';

/** The engines in the order of the table's columns; the first is ours. */
export const STORE_NAMES = ['ninelives', 'classic-level', 'lmdb', 'sqlite'] as const;
export type StoreName = (typeof STORE_NAMES)[number];

/** What every engine with such a thing gets. */
export const WRITE_BUFFER_BYTES = 4 * 1024 * 1024;
export const BLOCK_CACHE_BYTES = 8 * 1024 * 1024;
export const TABLE_BYTES = 2 * 1024 * 1024;
/** Pairs that a scan takes at a time, where it can take many. */
export const SCAN_CHUNK = 1_000;

/** Opens a store in an empty or existing directory. */
export type OpenStore = (directory: string, durability: Durability) => Promise<Store>;

/** An engine as a file of `stores/` exports it. */
export interface StoreModule {
  readonly open: OpenStore;
  /** The options that it runs with, as one line for the table's foot. */
  readonly options: string;
}
