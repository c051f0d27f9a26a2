import type { Catalog } from './catalog/catalog.js';
import type { Catalogs } from './catalog/catalogs.js';
import type { CommitLog } from './commit-queue.js';
import type { EngineContext } from './context.js';
import type { FileNumbers } from './file-numbers.js';
import type { Health } from './health.js';
import { Memtable } from './memtable/memtable.js';
import type { WalBatch, WalWrite } from './wal/record.js';
import { NextWal } from './wal/next-wal.js';
import type { WalWriter } from './wal/writer.js';

/**
 * What happens to a group of requests: one append to the WAL, one sync if any of them wants it, then the memtable,
 * and only then are they visible and answered. A reader can therefore never see a write that its level would still
 * let a crash take away.
 *
 * A full memtable is rotated before the next group: the old WAL is synced first, so that of all WALs only the
 * newest with a record can have a torn tail, and a new WAL and memtable take over. The WAL is prepared when the memtable is
 * four fifths full; a memtable costs nothing to make. Writers give way to background work: a slice of it goes first for every group while L0 has many tables,
 * and a rotation waits while it has too many.
 */
export class WritePath implements CommitLog<WriteRequest> {
  private readonly context: EngineContext;
  private readonly catalogs: Catalogs;
  private readonly health: Health;
  private readonly onRotated: () => void;
  private readonly progress: Progress;
  private readonly nextWal: NextWal;
  private wal: WalWriter;
  private bytesSincePause = 0;
  /** The newest sequence that readers see. */
  visibleSequence: number;
  private readonly counted = { writtenBytes: 0, walBytes: 0, stalls: 0, stallMs: 0, slowdowns: 0 };

  constructor(parts: {
    readonly context: EngineContext;
    readonly catalogs: Catalogs;
    readonly numbers: FileNumbers;
    readonly health: Health;
    readonly progress: Progress;
    readonly onRotated: () => void;
    readonly wal: WalWriter;
    readonly sequence: number;
  }) {
    this.context = parts.context;
    this.catalogs = parts.catalogs;
    this.health = parts.health;
    this.progress = parts.progress;
    this.onRotated = parts.onRotated;
    this.wal = parts.wal;
    this.visibleSequence = parts.sequence;
    this.nextWal = new NextWal(
      parts.context.environment,
      parts.numbers,
      (error) => void this.health.fail(error),
    );
  }

  makeRoom(): Promise<void> | undefined {
    if (this.room() <= 0) return this.rotate();
    const slowDown = tablesOfL0(this.catalogs.current) >= this.context.options.l0TablesSlowdown;
    if (slowDown) this.counted.slowdowns++;
    else if (this.bytesSincePause < PAUSE_BYTES) return undefined;
    // Writers that are never made to wait would leave no moment to anybody else.
    this.bytesSincePause = 0;
    return this.context.environment.pause();
  }

  room(): number {
    const { memtable } = this.catalogs.current.active;
    const { memtableEntriesMax, memtableBytesMax } = this.context.options;
    return memtable.approximateBytes >= memtableBytesMax ? 0 : memtableEntriesMax - memtable.entryCount;
  }

  weigh(request: WriteRequest): number {
    return request.kind === 'write' ? request.writes.length : 0;
  }

  commit(requests: readonly WriteRequest[]): Promise<void> | undefined {
    this.appendAll(requests);
    const rotate = requests.some((request) => request.kind === 'rotate');
    const sync = requests.some(
      (request) => request.kind === 'sync' || (request.kind === 'write' && request.sync),
    );
    if (rotate || sync) return this.commitSlowly(requests, sync, rotate);
    this.makeVisible(requests);
    return undefined;
  }

  /** Since the database was opened (stats.ts says what each is). */
  get counts(): Readonly<typeof this.counted> {
    return this.counted;
  }

  /** Number of the WAL that is prepared and takes no records yet. */
  get preparedWal(): number | undefined {
    return this.nextWal.readyNumber;
  }

  /** Nothing is being prepared. */
  get isIdle(): boolean {
    return this.nextWal.isIdle;
  }

  async idle(): Promise<void> {
    await this.nextWal.idle();
  }

  async close(): Promise<void> {
    await this.nextWal.close();
    try {
      if (this.health.cause === undefined) await this.wal.seal(this.visibleSequence + 1);
    } finally {
      this.wal.close();
    }
  }

  private async commitSlowly(
    requests: readonly WriteRequest[],
    sync: boolean,
    rotate: boolean,
  ): Promise<void> {
    if (sync) await this.wal.sync();
    this.makeVisible(requests);
    if (rotate) await this.rotate();
  }

  private appendAll(requests: readonly WriteRequest[]): void {
    const batches: WalBatch[] = [];
    let sequence = this.visibleSequence;
    for (const request of requests) {
      if (request.kind !== 'write') continue;
      batches.push({ sequence: sequence + 1, writes: request.writes });
      sequence += request.writes.length;
    }
    if (batches.length === 0) return;
    const before = this.wal.bytes;
    this.wal.append(batches);
    this.bytesSincePause += this.wal.bytes - before;
    this.counted.walBytes += this.wal.bytes - before;
  }

  private makeVisible(requests: readonly WriteRequest[]): void {
    const { memtable } = this.catalogs.current.active;
    let sequence = this.visibleSequence;
    for (const request of requests) {
      if (request.kind !== 'write') continue;
      for (const write of request.writes) {
        const value = write.kind === 'value' ? write.value : NO_VALUE;
        memtable.add({ key: write.key, sequence: ++sequence, kind: write.kind, value });
        this.counted.writtenBytes += write.key.length + value.length;
      }
    }
    this.visibleSequence = sequence;
    if (this.isNearlyFull(memtable)) this.nextWal.prepare();
  }

  private isNearlyFull({ entryCount, approximateBytes }: Memtable): boolean {
    const { memtableEntriesMax, memtableBytesMax } = this.context.options;
    return (
      entryCount >= Math.floor(memtableEntriesMax * NEARLY_FULL) ||
      approximateBytes >= memtableBytesMax * NEARLY_FULL
    );
  }

  private async rotate(): Promise<void> {
    if (this.catalogs.current.active.memtable.isEmpty) return;
    if (this.mustStall(this.catalogs.current)) await this.stall();
    this.health.checkWritable();
    await this.wal.sync('rotate/wal.fsync');
    const wal = await this.nextWal.take();
    // A flush may have published meanwhile: go on from the catalog as it is now.
    const { active, flushing } = this.catalogs.current;
    this.catalogs.replace({
      ...this.catalogs.current,
      active: { memtable: new Memtable(), walNumber: wal.number },
      flushing: [...flushing, active],
    });
    this.nextWal.named(wal);
    this.wal.close();
    this.wal = wal;
    this.onRotated();
  }

  private async stall(): Promise<void> {
    const { clock } = this.context.environment;
    const startMs = clock.nowMs();
    this.counted.stalls++;
    while (this.mustStall(this.catalogs.current)) {
      // After a failure nobody makes progress any more; it may have come while this group was synced.
      this.health.checkWritable();
      await this.progress.next();
    }
    this.counted.stallMs += clock.nowMs() - startMs;
  }

  private mustStall(catalog: Catalog): boolean {
    const { memtablesStall, l0TablesStall } = this.context.options;
    return catalog.flushing.length >= memtablesStall || tablesOfL0(catalog) >= l0TablesStall;
  }
}

/** The part of a memtable's limits at which its successor is prepared. */
const NEARLY_FULL = 0.8;

/** Bytes that go to the WAL between two chances for others to run. */
const PAUSE_BYTES = 256 * 1024;

function tablesOfL0({ levels }: Catalog): number {
  return levels[0]?.length ?? 0;
}

export type WriteRequest =
  | { readonly kind: 'write'; readonly writes: readonly WalWrite[]; readonly sync: boolean }
  /** Makes everything before it durable. */
  | { readonly kind: 'sync' }
  /** Hands the memtable over to the flush, if there is anything in it. */
  | { readonly kind: 'rotate' };

/** Lets writers wait until a flush or a compaction has published, or the engine has failed. */
export class Progress {
  private readonly waiting: (() => void)[] = [];

  next(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  made(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

const NO_VALUE = new Uint8Array(0);
