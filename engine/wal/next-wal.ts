import type { Environment } from '../environment.js';
import type { FileNumbers } from '../file-numbers.js';
import { WAL_LABELS, WalWriter } from './writer.js';

/**
 * The WAL after the present one, made ahead: when a memtable is nearly full its successor is created, synced and named
 * in its directory, so that the rotation has nothing to wait for but the last sync of the old WAL. There is one at a time,
 * so WAL numbers go up in the order in which WALs take records.
 *
 * A crash, or a close, leaves it behind as a WAL without a record, which proves nothing; recovery deletes it.
 */
export class NextWal {
  private readonly environment: Environment;
  private readonly numbers: FileNumbers;
  private readonly onError: (error: unknown) => void;
  private making: Promise<WalWriter> | undefined;
  private ready: WalWriter | undefined;

  /** `onError` is told of a preparation that failed; so is whoever takes. */
  constructor(environment: Environment, numbers: FileNumbers, onError: (error: unknown) => void) {
    this.environment = environment;
    this.numbers = numbers;
    this.onError = onError;
  }

  /** Begins to make it, if nobody has. */
  prepare(): void {
    if (this.making !== undefined) return;
    this.making = this.make('prepare');
    this.making.then((wal) => (this.ready = wal), this.onError);
  }

  /** The WAL; made now if it was not prepared. It counts as being written until the caller says that it is named. */
  async take(): Promise<WalWriter> {
    const wal = await (this.making ?? this.make('wal'));
    this.making = undefined;
    this.ready = undefined;
    return wal;
  }

  /** A catalog names the WAL that was taken. */
  named({ number }: WalWriter): void {
    this.numbers.settle({ kind: 'wal', number });
  }

  /** The number of the one that is ready and not taken. */
  get readyNumber(): number | undefined {
    return this.ready?.number;
  }

  get isIdle(): boolean {
    return this.making === undefined || this.ready !== undefined;
  }

  /** Resolves when nothing is being made, whatever came of it. */
  async idle(): Promise<void> {
    await this.making?.catch(() => undefined);
  }

  /** Closes the file of one that is ready. It stays on disk: to delete it here would give its number away again. */
  async close(): Promise<void> {
    await this.idle();
    this.ready?.close();
  }

  private async make(labels: keyof typeof WAL_LABELS): Promise<WalWriter> {
    const number = this.numbers.take();
    this.numbers.begin({ kind: 'wal', number });
    return await WalWriter.create(this.environment, number, WAL_LABELS[labels]);
  }
}
