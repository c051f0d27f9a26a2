import { AbstractChainedBatch, type AbstractChainedBatchWriteOptions } from 'abstract-level';
import type { BatchWrite } from '../index.js';
import type { SyncOption } from './options.js';
import { engineWrite } from './writes.js';

/**
 * A batch that is put together call by call and written as one. Keys and values are copied by each call, so the
 * caller may use its buffers again at once, as with an array batch.
 */
export class ChainedBatch<TDatabase, KDefault, VDefault> extends AbstractChainedBatch<
  TDatabase,
  KDefault,
  VDefault
> {
  readonly #commit: (writes: readonly BatchWrite[], options: SyncOption) => Promise<void>;
  #writes: BatchWrite[] = [];

  /** `commit` writes all of it or nothing. */
  constructor(db: TDatabase, commit: (writes: readonly BatchWrite[], options: SyncOption) => Promise<void>) {
    super(db);
    this.#commit = commit;
  }

  /** Writes all of the batch or nothing, and closes it. */
  override write(options?: ChainedBatchWriteOptions): Promise<void> {
    return super.write(options as object);
  }

  protected _put(key: Buffer, value: Buffer): void {
    this.#writes.push(engineWrite({ type: 'put', key: copyOf(key), value: copyOf(value) }));
  }

  protected _del(key: Buffer): void {
    this.#writes.push(engineWrite({ type: 'del', key: copyOf(key) }));
  }

  protected _clear(): void {
    this.#writes = [];
  }

  protected async _write(options: SyncOption): Promise<void> {
    await this.#commit(this.#writes, options);
  }

  protected async _close(): Promise<void> {
    this.#writes = [];
  }
}

export interface ChainedBatchWriteOptions extends AbstractChainedBatchWriteOptions, SyncOption {}

/** Never `slice` or `subarray`: those of a Buffer give a view. */
function copyOf(bytes: Buffer): Buffer {
  return Buffer.from(bytes);
}
