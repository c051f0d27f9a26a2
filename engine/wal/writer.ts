import type { Environment } from '../environment.js';
import { pathOf, WAL_DIRECTORY } from '../filenames.js';
import type { StepLabel } from '../vfs/step.js';
import type { VfsFile } from '../vfs/vfs.js';
import { encodeHeader, WAL_HEADER_BYTES, type WalBatch } from './record.js';
import { RecordEncoder } from './record-encoder.js';

/**
 * The WAL that takes writes at present. A fresh one is synced with its directory entry before its first record, so
 * a WAL that holds an acknowledged write can always be found.
 */
export class WalWriter {
  readonly number: number;
  private readonly file: VfsFile;
  private readonly encoder: RecordEncoder;
  /** Bytes that were appended before the call of a sync that has come to its end. */
  private syncedBytes: number;

  private constructor(number: number, file: VfsFile) {
    this.number = number;
    this.file = file;
    this.encoder = new RecordEncoder(number);
    this.syncedBytes = file.size();
  }

  static async create(
    { vfs }: Environment,
    number: number,
    labels: WalLabels = WAL_LABELS.wal,
  ): Promise<WalWriter> {
    const file = vfs.create(pathOf({ kind: 'wal', number }), labels.create);
    try {
      file.append(encodeHeader(number), labels.header);
      await file.sync(labels.sync);
      await vfs.syncDirectory(WAL_DIRECTORY, labels.syncDirectory);
    } catch (error) {
      file.close();
      throw error;
    }
    return new WalWriter(number, file);
  }

  /** Bytes of the file. */
  get bytes(): number {
    return this.file.size();
  }

  /** Hands one or more batches to the operating system, in one call: they survive SIGKILL from here on. */
  append(batches: readonly WalBatch[]): void {
    this.file.append(this.encoder.encode(batches, this.syncedBytes), 'wal/append');
  }

  /** Makes every record appended before the call durable. Does nothing if there is none since the last one. */
  async sync(label: StepLabel = SYNC_LABEL): Promise<void> {
    const bytes = this.file.size();
    if (bytes === this.syncedBytes) return;
    await this.file.sync(label);
    this.syncedBytes = bytes;
  }

  /**
   * Makes everything durable and then says so in a last record without writes, at the `sequence` that a next write
   * would have. Without it damage to the records behind the last sync but one could not be told from a torn tail.
   */
  async seal(sequence: number): Promise<void> {
    await this.sync();
    if (this.syncedBytes > WAL_HEADER_BYTES) this.append([{ sequence, writes: [] }]);
  }

  close(): void {
    this.file.close();
  }
}

/** What the steps that make a WAL are called. */
export interface WalLabels {
  readonly create: StepLabel;
  readonly header: StepLabel;
  readonly sync: StepLabel;
  readonly syncDirectory: StepLabel;
}

/** `wal`: made when it is needed. `prepare`: made ahead, in the background. */
export const WAL_LABELS = {
  wal: { create: 'wal/create', header: 'wal/header', sync: 'wal/fsync', syncDirectory: 'wal/dir.fsync' },
  prepare: {
    create: 'prepare/wal.create',
    header: 'prepare/wal.write',
    sync: 'prepare/wal.fsync',
    syncDirectory: 'prepare/dir.fsync',
  },
} as const satisfies Record<string, WalLabels>;

const SYNC_LABEL: StepLabel = 'wal/fsync';
