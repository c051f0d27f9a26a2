import type { KeyRange } from './arguments.js';
import { BackgroundWorker } from './background.js';
import { livePaths } from './catalog/catalog.js';
import { Catalogs } from './catalog/catalogs.js';
import { Garbage } from './catalog/garbage.js';
import type { Compaction } from './compaction/compaction.js';
import { ManualCompaction } from './compaction/manual.js';
import { pickCompaction } from './compaction/pick.js';
import { runCompaction } from './compaction/run.js';
import type { EngineContext } from './context.js';
import type { FileNumbers } from './file-numbers.js';
import { pathOf } from './filenames.js';
import { flushOldest } from './flush.js';
import { Health } from './health.js';
import { NegativeCache } from './negative-cache.js';
import { Publisher } from './publisher.js';
import type { Recovered } from './recovery/recover.js';
import { Snapshots } from './snapshots.js';
import { amplification, type EngineStats } from './stats.js';
import type { TableStore } from './table-store.js';
import type { VfsLock } from './vfs/vfs.js';
import { Progress, WritePath } from './write-path.js';

/**
 * The parts of an open database, wired: the write path fills memtables, the flusher turns them into tables of L0,
 * the compactor moves tables down, the collector deletes what nobody names. Each of the three runs one piece of
 * work at a time; the publisher puts their results into one order.
 */
export class Machinery {
  readonly context: EngineContext;
  readonly catalogs: Catalogs;
  readonly tables: TableStore;
  readonly snapshots = new Snapshots();
  readonly health: Health;
  /** Keys that are absent from the newest state. */
  readonly absent: NegativeCache;
  readonly writePath: WritePath;
  private readonly numbers: FileNumbers;
  private readonly publisher: Publisher;
  private readonly garbage: Garbage;
  private readonly flusher: BackgroundWorker;
  private readonly compactor: BackgroundWorker;
  private readonly collector: BackgroundWorker;
  private readonly progress = new Progress();
  private readonly lock: VfsLock;
  private readonly orphansDeleted: number;
  private readonly manual: ManualCompaction[] = [];
  private flushes = 0;
  private compactions = 0;
  private flushedBytes = 0;
  private compactedBytes = 0;

  constructor(parts: {
    readonly context: EngineContext;
    readonly tables: TableStore;
    readonly recovered: Recovered;
    readonly lock: VfsLock;
  }) {
    const { context, recovered } = parts;
    this.context = context;
    this.tables = parts.tables;
    this.lock = parts.lock;
    this.absent = new NegativeCache(context.options.negativeCacheEntries);
    this.numbers = recovered.numbers;
    this.orphansDeleted = recovered.orphansDeleted;
    this.health = new Health(() => this.progress.made());
    const fail = (error: unknown): void => {
      this.health.fail(error);
      // Also after the first failure: whoever waits for this piece of work waits in vain.
      this.progress.made();
    };
    this.garbage = new Garbage(context.environment, (file) => {
      this.health.checkWritable();
      if (file.kind === 'table') this.tables.close(file.number);
    });
    this.collector = new BackgroundWorker(() => this.garbage.deleteNext(), fail);
    this.catalogs = new Catalogs(recovered.catalog, (files) => {
      this.garbage.add(files);
      this.collector.notify();
    });
    this.publisher = new Publisher(
      context,
      this.numbers,
      this.catalogs,
      this.tables,
      this.health,
      recovered.sequence,
    );
    this.flusher = new BackgroundWorker(() => this.flushNext(), fail);
    this.compactor = new BackgroundWorker(() => this.compactNext(), fail);
    this.writePath = new WritePath({
      context,
      catalogs: this.catalogs,
      numbers: this.numbers,
      health: this.health,
      progress: this.progress,
      absent: this.absent,
      onRotated: () => this.flusher.notify(),
      wal: recovered.wal,
      sequence: recovered.sequence,
    });
    // Recovery leaves no memtable to flush, but perhaps more tables of L0 than writers may go on with.
    this.compactor.notify();
  }

  /** Resolves when no memtable waits for its flush; rejects if the engine has failed. */
  async flushed(): Promise<void> {
    await this.flusher.idle();
    this.health.checkWritable();
  }

  /** Resolves when the range is compacted; rejects if the engine has failed. */
  async compactRange(range: KeyRange): Promise<void> {
    const asked = new ManualCompaction(range, this.numbers.nextNumber);
    this.manual.push(asked);
    this.compactor.notify();
    while (this.manual.includes(asked) && !this.compactor.isIdle) await this.progress.next();
    this.health.checkWritable();
  }

  async settled(): Promise<void> {
    await this.writePath.idle();
    await this.flusher.idle();
    await this.compactor.idle();
    await this.collector.idle();
    this.health.checkWritable();
  }

  /** No background work is under way. */
  get isIdle(): boolean {
    return [this.writePath, this.flusher, this.compactor, this.collector].every((worker) => worker.isIdle);
  }

  files(): FileReport {
    const { preparedWal } = this.writePath;
    const prepared = preparedWal === undefined ? [] : [pathOf({ kind: 'wal', number: preparedWal })];
    const live = [...livePaths(this.catalogs.current), ...prepared].sort();
    return {
      live,
      pending: this.numbers.pending().filter((path) => !live.includes(path)),
      obsolete: [...this.catalogs.heldByReaders(), ...this.garbage.waiting()].sort(),
    };
  }

  stats(): EngineStats {
    const { current } = this.catalogs;
    const { cache, filterChecks, filterNegatives, filterFalsePositives, gets, openFiles } =
      this.tables.readStats();
    const counted = {
      flushes: this.flushes,
      flushedBytes: this.flushedBytes,
      compactions: this.compactions,
      compactedBytes: this.compactedBytes,
      ...this.writePath.counts,
      gets,
      filterHits: filterNegatives,
      filterMisses: filterChecks - filterNegatives,
      filterFalsePositives,
      tableBytes: this.tables.bytes,
    };
    return {
      levels: current.levels.map((tables) => ({
        tables: tables.length,
        bytes: tables.reduce((sum, table) => sum + table.bytes, 0),
        entries: tables.reduce((sum, table) => sum + table.entries, 0),
      })),
      memtableEntries: current.active.memtable.entryCount,
      memtablesWaiting: current.flushing.length,
      visibleSequence: this.writePath.visibleSequence,
      ...counted,
      ...amplification(counted, current.runs),
      negativeCacheHits: this.absent.hits,
      cacheHits: cache.hits,
      cacheMisses: cache.misses,
      cacheBytes: cache.bytes,
      openFiles,
      orphansDeleted: this.orphansDeleted,
    };
  }

  /** Ends background work after its present piece, closes every file and gives the lock back. */
  async stop(): Promise<void> {
    await Promise.all([this.flusher.stop(), this.compactor.stop(), this.collector.stop()]);
    this.progress.made();
    try {
      await this.writePath.close();
    } finally {
      this.tables.closeAll();
      this.lock.release('close/unlock');
    }
  }

  private async flushNext(): Promise<boolean> {
    // A failure of one part ends the work of all: only recovery knows what to make of what is on disk.
    this.health.checkWritable();
    const { context, numbers, catalogs, publisher } = this;
    const added = await flushOldest(context, numbers, catalogs, publisher, () => this.snapshots.sequences());
    if (added === undefined) return false;
    this.flushes++;
    for (const { bytes } of added) this.flushedBytes += bytes;
    this.progress.made();
    this.compactor.notify();
    return true;
  }

  private async compactNext(): Promise<boolean> {
    this.health.checkWritable();
    const { context, numbers, catalogs, publisher, tables } = this;
    const compaction = this.nextCompaction();
    if (compaction === undefined) return false;
    const added = await runCompaction(
      context,
      numbers,
      catalogs,
      publisher,
      tables,
      this.snapshots.sequences(),
      compaction,
    );
    this.compactions++;
    for (const { bytes } of added) this.compactedBytes += bytes;
    this.progress.made();
    return true;
  }

  /** What was asked for goes first. */
  private nextCompaction(): Compaction | undefined {
    const { levels } = this.catalogs.current;
    for (let asked = this.manual[0]; asked !== undefined; asked = this.manual[0]) {
      const compaction = asked.next(levels, this.context.options);
      if (compaction !== undefined) return compaction;
      this.manual.shift();
      this.progress.made();
    }
    return pickCompaction(levels, this.context.options);
  }
}

/** Paths relative to the database directory, sorted. A file in none of the three lists is an orphan. */
export interface FileReport {
  readonly live: readonly string[];
  readonly pending: readonly string[];
  readonly obsolete: readonly string[];
}
