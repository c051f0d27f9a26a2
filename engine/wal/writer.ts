import type { Environment } from '../environment.js';
import { pathOf, WAL_DIRECTORY } from '../filenames.js';
import type { StepLabel } from '../vfs/step.js';
import type { VfsFile } from '../vfs/vfs.js';
import { encodeHeader } from './record.js';

/**
 * The WAL that takes writes at present. A fresh one is synced with its directory entry before its first record, so
 * a WAL that holds an acknowledged write can always be found.
 */
export class WalWriter {
  readonly number: number;
  private readonly file: VfsFile;
  private syncedBytes: number;

  private constructor(number: number, file: VfsFile) {
    this.number = number;
    this.file = file;
    this.syncedBytes = file.size();
  }

  static async create({ vfs }: Environment, number: number): Promise<WalWriter> {
    const file = vfs.create(pathOf({ kind: 'wal', number }), 'wal/create');
    try {
      file.append(encodeHeader(number), 'wal/header');
      await file.sync('wal/fsync');
      await vfs.syncDirectory(WAL_DIRECTORY, 'wal/dir.fsync');
    } catch (error) {
      file.close();
      throw error;
    }
    return new WalWriter(number, file);
  }

  /** Hands the bytes of one or more records to the operating system: they survive SIGKILL from here on. */
  append(records: Uint8Array): void {
    this.file.append(records, 'wal/append');
  }

  /** Makes every record appended before the call durable. Does nothing if there is none since the last one. */
  async sync(): Promise<void> {
    const bytes = this.file.size();
    if (bytes === this.syncedBytes) return;
    await this.file.sync(SYNC_LABEL);
    this.syncedBytes = bytes;
  }

  close(): void {
    this.file.close();
  }
}

const SYNC_LABEL: StepLabel = 'wal/fsync';
