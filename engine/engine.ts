import {
  type BatchWrite,
  checkedBatch,
  checkedDelete,
  checkedFlag,
  checkedKey,
  checkedKeys,
  checkedLimit,
  checkedOption,
  checkedPut,
  checkedRange,
  type KeyBounds,
} from './arguments.js';
import { CommitQueue } from './commit-queue.js';
import { EngineError } from './errors.js';
import { checkEnvironment, type Environment } from './environment.js';
import type { FileReport, Machinery } from './machinery.js';
import { type EngineOptions, resolveOptions } from './options.js';
import { findNewest, reading, visibleRange } from './read-path.js';
import { Scan, type ScanSource } from './scan.js';
import type { Snapshot } from './snapshots.js';
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
   * one. Errors: ENGINE_INVALID_ARGUMENT, ENGINE_INVALID_OPTION, ENGINE_LOCKED, ENGINE_NOT_A_DATABASE, ENGINE_CORRUPT, ENGINE_IO.
   */
  static async open(environment: Environment, options: Partial<EngineOptions> = {}): Promise<Engine> {
    checkEnvironment(environment);
    return new Engine(await start(environment, resolveOptions(options)));
  }

  /** Resolves once the write is as durable as its level promises. */
  async put(key: Uint8Array, value: Uint8Array, options: WriteOptions = {}): Promise<void> {
    this.checkOpen();
    await this.submit([checkedPut(key, value)], options);
  }

  /** As `put`; deleting a key that is not there is no error. */
  async delete(key: Uint8Array, options: WriteOptions = {}): Promise<void> {
    this.checkOpen();
    await this.submit([checkedDelete(key)], options);
  }

  /** All of the batch or none of it, after any crash; later writes of one key win over earlier ones. */
  async write(batch: readonly BatchWrite[], options: WriteOptions = {}): Promise<void> {
    this.checkOpen();
    const writes = checkedBatch(batch);
    await this.submit(writes, options);
  }

  /** The newest visible value, or the one that `snapshot` sees; undefined if there is none. The bytes are the caller's. */
  async get(key: Uint8Array, options: ReadOptions = {}): Promise<Uint8Array | undefined> {
    this.checkOpen();
    return this.valueAt(checkedKey(key), this.sequenceFor(options));
  }

  /** As `get` for several keys, all as of the same moment, in the order of `keys`. */
  async getMany(
    keys: readonly Uint8Array[],
    options: ReadOptions = {},
  ): Promise<readonly (Uint8Array | undefined)[]> {
    this.checkOpen();
    const checked = checkedKeys(keys);
    const sequence = this.sequenceFor(options);
    return checked.map((key) => this.valueAt(key, sequence));
  }

  /**
   * Pairs in key order (or, `reverse`, from the last to the first), as of the moment of the call or of `snapshot`, while
   * writes, flush and compaction go on; ENGINE_CLOSED if the database is closed meanwhile. ENGINE_INVALID_ARGUMENT is
   * thrown, not rejected.
   */
  scan(options: ScanOptions = {}): Scan {
    this.checkOpen();
    const limit = checkedLimit(checkedOption(options, 'limit'));
    const reverse = checkedFlag(options, 'reverse', false);
    const { from, before } = checkedRange(options);
    const sequence = this.sequenceFor(options);
    const { catalog, release } = this.machinery.catalogs.pin();
    const range = { from, before, reverse };
    let entries: ReturnType<typeof visibleRange> | undefined;
    const next: ScanSource['next'] = () => {
      this.checkOpen();
      return reading(() => {
        entries ??= visibleRange(catalog, this.machinery.tables, sequence, range);
        return entries.next();
      });
    };
    return new Scan({ next, release }, limit);
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
    if (this.machinery.catalogs.current.flushing.length > 0) this.checkOpen();
  }

  /**
   * Flushes, then merges all that lies from `gte` (included) to `lt` (excluded) down into one level: no overwritten value and
   * no tombstone of that range stays that nobody needs. Without bounds that is the whole database.
   */
  async compact(range: Pick<KeyBounds, 'gte' | 'lt'> = {}): Promise<void> {
    const checked = checkedRange(range);
    await this.flush();
    await this.machinery.compactRange(checked);
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

  private async submit(writes: readonly WalWrite[], options: WriteOptions): Promise<void> {
    const { durability } = this.machinery.context.options;
    const sync = checkedFlag(options, 'sync', durability === 'always');
    if (writes.length === 0) return;
    await this.commits.submit({ kind: 'write', writes, sync });
    if (durability === 'interval' && !sync) this.syncLater();
  }

  private valueAt(key: Uint8Array, sequence: number): Uint8Array | undefined {
    const { catalogs, tables } = this.machinery;
    const entry = reading(() => findNewest(catalogs.current, tables, key, sequence));
    return entry?.kind === 'value' ? new Uint8Array(entry.value) : undefined;
  }

  private sequenceFor(options: ReadOptions): number {
    const snapshot = checkedOption(options, 'snapshot');
    if (snapshot === undefined) return this.machinery.writePath.visibleSequence;
    return this.machinery.snapshots.sequenceOf(snapshot);
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

export interface WriteOptions {
  /** Overrides the durability level for this write: true waits for a sync, false does not. */
  readonly sync?: boolean;
}

export interface ReadOptions {
  /** A living snapshot of this database. */
  readonly snapshot?: Snapshot;
}

export interface ScanOptions extends ReadOptions, KeyBounds {
  /** From the last key to the first. */
  readonly reverse?: boolean;
  /** Pairs at the most: a whole number from 0, or Infinity. */
  readonly limit?: number;
}
