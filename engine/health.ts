import { diskFailure, EngineError } from './errors.js';

/**
 * Whether the engine may still write. The first failed write, sync or background job makes it read-only until it
 * is reopened: a failed fsync may have thrown pages away, and a second one that succeeds proves nothing
 * (Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020).
 */
export class Health {
  private failure: EngineError | undefined;
  private readonly onFailure: () => void;

  /** `onFailure` is called once, so that whoever waits for progress can stop waiting. */
  constructor(onFailure: () => void) {
    this.onFailure = onFailure;
  }

  /** Remembers the first cause and returns it; later ones are its consequences. */
  fail(cause: unknown): EngineError {
    if (this.failure !== undefined) return this.failure;
    const known = cause instanceof EngineError && cause.code === 'ENGINE_CORRUPT';
    this.failure = known ? cause : diskFailure('the disk to do as told', cause, 'unknown');
    this.onFailure();
    return this.failure;
  }

  get cause(): EngineError | undefined {
    return this.failure;
  }

  /** Throws ENGINE_READ_ONLY if something failed before; nothing has been written then. */
  checkWritable(): void {
    const cause = this.failure;
    if (cause === undefined) return;
    const { file, offset, label, errno } = cause;
    throw new EngineError(
      'ENGINE_READ_ONLY',
      `The engine takes no writes since an earlier failure: ${cause.message} Reopen the database once the cause is gone.`,
      {
        ...(file === undefined ? {} : { file }),
        ...(offset === undefined ? {} : { offset }),
        ...(label === undefined ? {} : { label }),
        ...(errno === undefined ? {} : { errno }),
        cause,
      },
    );
  }
}
