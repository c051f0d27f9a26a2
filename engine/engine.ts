import type { Catalog } from './catalog/catalog.js';
import type { Catalogs } from './catalog/catalogs.js';
import { CommitQueue } from './commit-queue.js';
import { EngineError } from './errors.js';
import type { Environment } from './environment.js';
import type { FileReport, Machinery } from './machinery.js';
import { type EngineOptions, KEY_BYTES_MAX, resolveOptions, VALUE_BYTES_MAX } from './options.js';
import { findNewest, reading, visibleRange } from './read-path.js';
import { start } from './start.js';
import type { EngineStats } from './stats.js';
import type { WalWrite } from './wal/record.js';
import type { WriteRequest } from './write-path.js';

/**
 * An ordered key-value store: an LSM tree in one directory, owned by one process. Keys are 1 to 65,535 bytes,
 * compared as bytes; values 0 bytes to 64 MiB. What an acknowledged write survives is the durability level's
 * promise (`EngineOptions.durability`), or that of `{ sync: true }` for one write: 'os' survives the death of the
 * process, a sync also that of the machine.
 *
 * Every method rejects with an `EngineError`. A write that is refused as an argument has no effect.
 */
export class Engine {
  private readonly machinery: Machinery;
  private readonly commits: CommitQueue<WriteRequest>;
  private closing: Promise<void> | undefined;
  private disarmTimer: (() => void) | undefined;

  private constructor(machinery: Machinery) {
    this.machinery = machinery;
    this.commits = new CommitQueue(machinery.writePath, machinery.health);
  }

  /**
   * Opens the database in the environment's directory, recovering whatever the last process left, or makes a new
   * one. Errors: ENGINE_INVALID_OPTION, ENGINE_LOCKED, ENGINE_NOT_A_DATABASE, ENGINE_CORRUPT, ENGINE_IO.
   */
  static async open(environment: Environment, options: Partial<EngineOptions> = {}): Promise<Engine> {
    return new Engine(await start(environment, resolveOptions(options)));
  }

  /** Resolves once the write is as durable as its level promises. */
  async put(key: Uint8Array, value: Uint8Array, options: WriteOptions = {}): Promise<void> {
    return await this.write([{ kind: 'put', key, value }], options);
  }

  /** As `put`; deleting a key that is not there is no error. */
  async delete(key: Uint8Array, options: WriteOptions = {}): Promise<void> {
    return await this.write([{ kind: 'delete', key }], options);
  }

  /** All of the batch or none of it, after any crash; later writes of one key win over earlier ones. */
  async write(batch: readonly BatchWrite[], options: WriteOptions = {}): Promise<void> {
    this.checkOpen();
    const writes = batch.map(checkedWrite);
    if (writes.length === 0) return;
    const { durability } = this.machinery.context.options;
    const sync = options.sync ?? durability === 'always';
    await this.commits.submit({ kind: 'write', writes, sync });
    if (durability === 'interval' && !sync) this.syncLater();
  }

  /** The newest visible value, or the one that `snapshot` sees; undefined if there is none. */
  async get(key: Uint8Array, options: ReadOptions = {}): Promise<Uint8Array | undefined> {
    this.checkOpen();
    checkKey(key);
    const { catalogs, tables } = this.machinery;
    const entry = reading(() => findNewest(catalogs.current, tables, key, this.sequenceFor(options)));
    return entry?.kind === 'value' ? entry.value.slice() : undefined;
  }

  /** As `get` for several keys, all as of the same moment. */
  async getMany(
    keys: readonly Uint8Array[],
    options: ReadOptions = {},
  ): Promise<readonly (Uint8Array | undefined)[]> {
    const sequence = this.sequenceFor(options);
    return await Promise.all(keys.map((key) => this.get(key, { snapshot: { sequence } })));
  }

  /**
   * Pairs in key order, as of the moment of the call, while writes, flush and compaction go on; ENGINE_CLOSED if the
   * database is closed meanwhile. The files of that moment are kept until the iterator has ended or `return` was
   * called, as `for await` does.
   */
  scan(options: ScanOptions = {}): AsyncGenerator<Pair> {
    this.checkOpen();
    const { catalog, release } = this.catalogs.pin();
    const pairs = this.pairs(catalog, this.sequenceFor(options), release, options);
    // A generator that was never started does not run its `finally`.
    const end = pairs.return.bind(pairs);
    pairs.return = (value) => {
      release();
      return end(value);
    };
    return pairs;
  }

  /** A view of this moment that compaction keeps readable until it is released. */
  snapshot(): Snapshot {
    this.checkOpen();
    return this.machinery.snapshots.take(this.machinery.writePath.visibleSequence);
  }

  /** Resolves when everything acknowledged before the call is durable. */
  async sync(): Promise<void> {
    this.checkOpen();
    await this.commits.submit({ kind: 'sync' });
  }

  /** Resolves when everything acknowledged before the call lies in tables. */
  async flush(): Promise<void> {
    this.checkOpen();
    await this.commits.submit({ kind: 'rotate' });
    await this.machinery.flushed();
    // Closing ends background work after its present piece, so something may be left.
    if (this.catalogs.current.flushing.length > 0) this.checkOpen();
  }

  /** Flushes, then merges all levels into one: no overwritten value and no tombstone stays that nobody needs. */
  async compact(): Promise<void> {
    await this.flush();
    await this.machinery.compactAll();
    this.checkOpen();
  }

  /** Resolves when no background work is left to do, syncs of the level 'interval' included; ENGINE_READ_ONLY if some of it has failed. */
  async settled(): Promise<void> {
    this.checkOpen();
    // The timer of the level 'interval' submits requests of its own, and one that rotates makes a file.
    do {
      await this.commits.drained();
      await this.machinery.settled();
    } while (!this.commits.isIdle || !this.machinery.isIdle);
  }

  /** Files by their standing at this moment; for checks from outside. */
  files(): FileReport {
    return this.machinery.files();
  }

  stats(): EngineStats {
    return this.machinery.stats();
  }

  /** Finishes what was submitted, syncs the WAL, gives the lock back. A second call returns the first one's promise. */
  async close(): Promise<void> {
    this.closing ??= this.closeNow();
    return await this.closing;
  }

  private async closeNow(): Promise<void> {
    this.disarmTimer?.();
    await this.commits.drained();
    try {
      await this.machinery.stop();
    } catch (error) {
      throw this.machinery.health.fail(error);
    }
  }

  private async *pairs(
    catalog: Catalog,
    sequence: number,
    release: () => void,
    { gte, lt, limit = Infinity }: ScanOptions,
  ): AsyncGenerator<Pair> {
    try {
      if (limit <= 0) return;
      this.checkOpen();
      const { tables } = this.machinery;
      const entries = reading(() => visibleRange(catalog, tables, sequence, gte, lt));
      for (let left = limit; left > 0; left--) {
        this.checkOpen();
        const next = reading(() => entries.next());
        if (next.done === true) return;
        yield [next.value.key.slice(), next.value.value.slice()];
      }
    } finally {
      release();
    }
  }

  private get catalogs(): Catalogs {
    return this.machinery.catalogs;
  }

  private sequenceFor({ snapshot }: ReadOptions): number {
    return snapshot?.sequence ?? this.machinery.writePath.visibleSequence;
  }

  private checkOpen(): void {
    if (this.closing === undefined) return;
    throw new EngineError(
      'ENGINE_CLOSED',
      'Expected an open database, got one that was closed; open it again.',
    );
  }

  private syncLater(): void {
    if (this.disarmTimer !== undefined || this.closing !== undefined) return;
    const { environment, options } = this.machinery.context;
    this.disarmTimer = environment.clock.after(options.syncIntervalMs, () => {
      this.disarmTimer = undefined;
      // A failure makes the engine read-only, and the next write says so.
      this.commits.submit({ kind: 'sync' }).catch(() => undefined);
    });
  }
}

export type Pair = readonly [key: Uint8Array, value: Uint8Array];

export interface WriteOptions {
  /** Overrides the durability level for this write: true waits for a sync, false does not. */
  readonly sync?: boolean;
}

export interface ReadOptions {
  readonly snapshot?: Pick<Snapshot, 'sequence'>;
}

export interface ScanOptions extends ReadOptions {
  /** First key, included. */
  readonly gte?: Uint8Array;
  /** Last key, excluded. */
  readonly lt?: Uint8Array;
  readonly limit?: number;
}

export type BatchWrite =
  | { readonly kind: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: 'delete'; readonly key: Uint8Array };

export interface Snapshot {
  readonly sequence: number;
  release(): void;
}

/** The write as the log takes it, with bytes that the caller cannot change any more. */
function checkedWrite(write: BatchWrite): WalWrite {
  checkKey(write.key);
  if (write.kind === 'delete') return { kind: 'tombstone', key: write.key.slice() };
  if (!(write.value instanceof Uint8Array) || write.value.length > VALUE_BYTES_MAX) {
    throw invalid(`Expected a value of 0 to ${VALUE_BYTES_MAX} bytes`, write.value);
  }
  return { kind: 'value', key: write.key.slice(), value: write.value.slice() };
}

function checkKey(key: Uint8Array): void {
  if (key instanceof Uint8Array && key.length >= 1 && key.length <= KEY_BYTES_MAX) return;
  throw invalid(`Expected a key of 1 to ${KEY_BYTES_MAX} bytes`, key);
}

function invalid(expected: string, got: unknown): EngineError {
  const what = got instanceof Uint8Array ? `${got.length} bytes` : typeof got;
  return new EngineError('ENGINE_INVALID_ARGUMENT', `${expected}, got ${what}; nothing was written.`);
}
