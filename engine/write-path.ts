import type { Catalog } from './catalog/catalog.js';
import type { Catalogs } from './catalog/catalogs.js';
import type { CommitLog } from './commit-queue.js';
import type { EngineContext } from './context.js';
import type { FileNumbers } from './file-numbers.js';
import type { Health } from './health.js';
import { Memtable } from './memtable/memtable.js';
import type { WalBatch, WalWrite } from './wal/record.js';
import { WalWriter } from './wal/writer.js';

/**
 * What happens to a group of requests: one append to the WAL, one sync if any of them wants it, then the memtable,
 * and only then are they visible and answered. A reader can therefore never see a write that its level would still
 * let a crash take away.
 *
 * A full memtable is rotated before the next group: the old WAL is synced first, so that of all WALs only the
 * newest can have a torn tail, and a new WAL and memtable take over.
 */
export class WritePath implements CommitLog<WriteRequest> {
  private readonly context: EngineContext;
  private readonly catalogs: Catalogs;
  private readonly numbers: FileNumbers;
  private readonly health: Health;
  private readonly onRotated: () => void;
  private readonly progress: Progress;
  private wal: WalWriter;
  /** The newest sequence that readers see. */
  visibleSequence: number;
  stalls = 0;

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
    this.numbers = parts.numbers;
    this.health = parts.health;
    this.progress = parts.progress;
    this.onRotated = parts.onRotated;
    this.wal = parts.wal;
    this.visibleSequence = parts.sequence;
  }

  makeRoom(): Promise<void> | undefined {
    return this.room() > 0 ? undefined : this.rotate();
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

  async close(): Promise<void> {
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
    if (batches.length > 0) this.wal.append(batches);
  }

  private makeVisible(requests: readonly WriteRequest[]): void {
    const { memtable } = this.catalogs.current.active;
    let sequence = this.visibleSequence;
    for (const request of requests) {
      if (request.kind !== 'write') continue;
      for (const write of request.writes) {
        const value = write.kind === 'value' ? write.value : NO_VALUE;
        memtable.add({ key: write.key, sequence: ++sequence, kind: write.kind, value });
      }
    }
    this.visibleSequence = sequence;
  }

  private async rotate(): Promise<void> {
    if (this.catalogs.current.active.memtable.isEmpty) return;
    if (this.mustStall(this.catalogs.current)) this.stalls++;
    while (this.mustStall(this.catalogs.current)) {
      // After a failure nobody makes progress any more; it may have come while this group was synced.
      this.health.checkWritable();
      await this.progress.next();
    }
    this.health.checkWritable();
    await this.wal.sync();
    const number = this.numbers.take();
    this.numbers.begin({ kind: 'wal', number });
    const wal = await WalWriter.create(this.context.environment, number);
    // A flush may have published meanwhile: go on from the catalog as it is now.
    const { active, flushing } = this.catalogs.current;
    this.catalogs.replace({
      ...this.catalogs.current,
      active: { memtable: new Memtable(), walNumber: number },
      flushing: [...flushing, active],
    });
    this.numbers.settle({ kind: 'wal', number });
    this.wal.close();
    this.wal = wal;
    this.onRotated();
  }

  private mustStall({ flushing, levels }: Catalog): boolean {
    const { memtablesStall, l0TablesStall } = this.context.options;
    return flushing.length >= memtablesStall || (levels[0]?.length ?? 0) >= l0TablesStall;
  }
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
