import { type AbstractBatchOperation, AbstractLevel, type Transcoder } from 'abstract-level';
import { type BatchWrite, Engine, nodeEnvironment } from '../index.js';
import { ChainedBatch } from './chained-batch.js';
import { clearRange } from './clear.js';
import { destroyDatabase, environmentOf, type Existence } from './directory.js';
import { LevelError, levelErrorOf, withLevelErrors } from './errors.js';
import { EntryIterator, KeyIterator, ValueIterator } from './iterators.js';
import { afterEngineKey, asBuffer, toEngineKey } from './keys.js';
import type {
  BatchOperation,
  BatchOptions,
  ClearOptions,
  DatabaseOptions,
  DelOptions,
  IteratorReadOptions,
  KeyReadOptions,
  OpenOptions,
  PutOptions,
  RangeReadOptions,
  StartEndOptions,
  SyncOption,
} from './options.js';
import { PairReader } from './pair-reader.js';
import { LevelSnapshot, readAt } from './snapshot.js';
import { engineWrite, toEngineValue, writeOptions } from './writes.js';

/**
 * The engine as an abstract-level database: a drop-in for classic-level, and so for `level` in Node.js. abstract-level
 * has the public methods; here are the private ones that it calls, with keys and values as Buffers. docs/abstract-level.md
 * says what is not supported, and why.
 */
// The interface of the same name below declares only what the class inherits, so nothing is left unset.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class NinelivesLevel<KDefault = string, VDefault = string> extends AbstractLevel<
  Buffer,
  KDefault,
  VDefault
> {
  readonly #location: string;
  readonly #pause: () => Promise<void>;
  #engine: Engine | undefined;

  /**
   * A database in the directory `location`, which opens itself; calls wait for that. Throws a TypeError if `location`
   * is no path.
   */
  constructor(location: string, options?: DatabaseOptions<KDefault, VDefault>) {
    if (typeof location !== 'string' || location === '') {
      throw new TypeError("Expected the argument 'location' to be a path of at least one character.");
    }
    super(manifest(), options);
    this.#location = location;
    this.#pause = nodeEnvironment(location).pause;
  }

  /** As it was given to the constructor. */
  get location(): string {
    return this.#location;
  }

  /**
   * Removes the database in a directory, and the directory if nothing else is in it. Does nothing if there is none.
   * LEVEL_LOCKED, LEVEL_IO_ERROR.
   */
  static async destroy(location: string): Promise<void> {
    await destroyDatabase(location);
  }

  /**
   * Merges what lies from `start` to `end`, both included as in classic-level: no overwritten value and no tombstone of
   * that range stays that nobody needs. LEVEL_INVALID_KEY, LEVEL_READONLY, LEVEL_IO_ERROR, LEVEL_CORRUPTION.
   */
  async compactRange<K = KDefault>(start: K, end: K, options: StartEndOptions<K> = {}): Promise<void> {
    if (this.status === 'opening') return await this.deferAsync(() => this.compactRange(start, end, options));
    const encoding = this.keyEncoding(options.keyEncoding as Transcoder.MixedEncoding<K, Buffer, K>);
    const range = {
      gte: toEngineKey(encoding.encode(start)),
      lt: afterEngineKey(toEngineKey(encoding.encode(end))),
    };
    await withLevelErrors(() => this.#opened.compact(range));
  }

  protected async _open(options: Existence & OpenOptions): Promise<void> {
    await withLevelErrors(async () => {
      this.#engine = await Engine.open(environmentOf(this.#location, options), options.engine);
    });
  }

  /** What fails to close is closed nevertheless, and its lock given back: a second call has nothing left to do. */
  protected async _close(): Promise<void> {
    const engine = this.#engine;
    this.#engine = undefined;
    await withLevelErrors(async () => await engine?.close());
  }

  protected async _get(key: Buffer, { snapshot }: KeyReadOptions): Promise<Buffer | undefined> {
    try {
      const value = await this.#opened.get(toEngineKey(key), readAt(snapshot));
      return value === undefined ? undefined : asBuffer(value);
    } catch (error) {
      throw levelErrorOf(error);
    }
  }

  protected async _getMany(
    keys: readonly Buffer[],
    { snapshot }: KeyReadOptions,
  ): Promise<(Buffer | undefined)[]> {
    try {
      const values = await this.#opened.getMany(keys.map(toEngineKey), readAt(snapshot));
      return values.map((value) => (value === undefined ? undefined : asBuffer(value)));
    } catch (error) {
      throw levelErrorOf(error);
    }
  }

  protected async _has(key: Buffer, options: KeyReadOptions): Promise<boolean> {
    return (await this._get(key, options)) !== undefined;
  }

  protected async _hasMany(keys: readonly Buffer[], options: KeyReadOptions): Promise<boolean[]> {
    return (await this._getMany(keys, options)).map((value) => value !== undefined);
  }

  protected async _put(key: Buffer, value: Buffer, options: SyncOption): Promise<void> {
    try {
      await this.#opened.put(toEngineKey(key), toEngineValue(value), writeOptions(options));
    } catch (error) {
      throw levelErrorOf(error);
    }
  }

  protected async _del(key: Buffer, options: SyncOption): Promise<void> {
    try {
      await this.#opened.delete(toEngineKey(key), writeOptions(options));
    } catch (error) {
      throw levelErrorOf(error);
    }
  }

  protected async _batch(operations: readonly BatchOperation[], options: SyncOption): Promise<void> {
    await this.#write(operations.map(engineWrite), options);
  }

  protected _chainedBatch(): ChainedBatch<this, KDefault, VDefault> {
    return new ChainedBatch(this, (writes, options) => this.#write(writes, options));
  }

  protected async _clear(options: RangeReadOptions & SyncOption): Promise<void> {
    await withLevelErrors(() => clearRange(this.#opened, options, options, this.#pause));
  }

  protected _iterator(options: IteratorReadOptions): EntryIterator<this, KDefault, VDefault> {
    return new EntryIterator(this, options, this.#reader(options));
  }

  protected _keys(options: IteratorReadOptions): KeyIterator<this, KDefault> {
    return new KeyIterator(this, options, this.#reader(options));
  }

  protected _values(options: IteratorReadOptions): ValueIterator<this, KDefault, VDefault> {
    return new ValueIterator(this, options, this.#reader(options));
  }

  protected _snapshot(options: object): LevelSnapshot {
    return new LevelSnapshot(this.#opened, options);
  }

  get #opened(): Engine {
    if (this.#engine !== undefined && this.status === 'open') return this.#engine;
    throw new LevelError('LEVEL_DATABASE_NOT_OPEN', 'Expected an open database; open it first.');
  }

  #reader(options: IteratorReadOptions): PairReader {
    return new PairReader(this.#opened, options, this.#pause);
  }

  async #write(writes: readonly BatchWrite[], options: SyncOption): Promise<void> {
    try {
      await this.#opened.write(writes, writeOptions(options));
    } catch (error) {
      throw levelErrorOf(error);
    }
  }
}

/** The methods that take more options than abstract-level's; they are inherited, only their types are wider. */
export interface NinelivesLevel<KDefault, VDefault> {
  open(): Promise<void>;
  open(options: OpenOptions): Promise<void>;
  put(key: KDefault, value: VDefault): Promise<void>;
  put<K = KDefault, V = VDefault>(key: K, value: V, options: PutOptions<K, V>): Promise<void>;
  del(key: KDefault): Promise<void>;
  del<K = KDefault>(key: K, options: DelOptions<K>): Promise<void>;
  batch(operations: AbstractBatchOperation<this, KDefault, VDefault>[]): Promise<void>;
  batch<K = KDefault, V = VDefault>(
    operations: AbstractBatchOperation<this, K, V>[],
    options: BatchOptions<K, V>,
  ): Promise<void>;
  batch(): ChainedBatch<this, KDefault, VDefault>;
  clear(): Promise<void>;
  clear<K = KDefault>(options: ClearOptions<K>): Promise<void>;
}

/** What is true of every database of this class; abstract-level writes into it, so each gets its own. */
function manifest() {
  return {
    encodings: { buffer: true },
    implicitSnapshots: true,
    explicitSnapshots: true,
    has: true,
    seek: true,
    permanence: true,
    createIfMissing: true,
    errorIfExists: true,
    additionalMethods: { compactRange: true },
    signals: { iterators: true },
  };
}
