import type {
  AbstractBatchOptions,
  AbstractClearOptions,
  AbstractDatabaseOptions,
  AbstractDelOptions,
  AbstractOpenOptions,
  AbstractPutOptions,
  AbstractSnapshot,
  Transcoder,
} from 'abstract-level';
import type { EngineOptions } from '../index.js';
import type { Range } from './keys.js';

/**
 * Options of the public methods, where they differ from abstract-level's, and those that abstract-level hands on to
 * an implementation. Tuning options of LevelDB (`cacheSize`, `writeBufferSize` and so on) are let through and have no
 * effect; the engine's own are in `engine`.
 */
export interface OpenOptions extends AbstractOpenOptions {
  /** Options of the engine, durability among them; an unknown one is an error. */
  readonly engine?: Partial<EngineOptions> | undefined;
}

/** Options of the constructor; all but the encodings are those of `open`. */
export interface DatabaseOptions<K, V> extends AbstractDatabaseOptions<K, V>, Omit<OpenOptions, 'passive'> {}

export interface SyncOption {
  /** true: resolves only when the write survives a power loss. false: does not wait for that. Default: `engine.durability`. */
  readonly sync?: boolean | undefined;
}

export interface PutOptions<K, V> extends AbstractPutOptions<K, V>, SyncOption {}
export interface DelOptions<K> extends AbstractDelOptions<K>, SyncOption {}
export interface BatchOptions<K, V> extends AbstractBatchOptions<K, V>, SyncOption {}
export interface ClearOptions<K> extends AbstractClearOptions<K>, SyncOption {}

/** Options of `compactRange`. */
export interface StartEndOptions<K> {
  /** Encodes `start` and `end`. */
  readonly keyEncoding?: string | Transcoder.PartialEncoder<K> | undefined;
}

/** What a read of one or several keys is told. */
export interface KeyReadOptions {
  readonly snapshot?: AbstractSnapshot | null;
}

/** What a read of a range is told; a limit of -1 is none. */
export interface RangeReadOptions extends Range, KeyReadOptions {
  readonly reverse: boolean;
  readonly limit: number;
}

/** What an iterator is told. */
export interface IteratorReadOptions extends RangeReadOptions {
  readonly keys?: boolean;
  readonly values?: boolean;
  readonly signal?: AbortSignal | null;
}

/** An operation of a batch. */
export type BatchOperation =
  | { readonly type: 'put'; readonly key: Buffer; readonly value: Buffer }
  | { readonly type: 'del'; readonly key: Buffer };
