/**
 * One kind of background work, at most one piece of it at a time. `job` does one piece and says whether there was
 * one; `notify` makes the worker look again. The first error stops the worker for good and is handed on: after a
 * failed write nobody knows what is on the disk, so nothing is retried.
 */
export class BackgroundWorker {
  private readonly job: () => Promise<boolean>;
  private readonly onError: (error: unknown) => void;
  private running: Promise<void> | undefined;
  private requested = false;
  private stopped = false;

  constructor(job: () => Promise<boolean>, onError: (error: unknown) => void) {
    this.job = job;
    this.onError = onError;
  }

  notify(): void {
    if (this.stopped) return;
    this.requested = true;
    this.running ??= this.run();
  }

  get isIdle(): boolean {
    return this.running === undefined;
  }

  /** Resolves when nothing is left to do (or the worker has stopped). */
  async idle(): Promise<void> {
    while (this.running !== undefined) await this.running;
  }

  /** Lets the present piece of work finish and starts no other. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.idle();
  }

  private async run(): Promise<void> {
    try {
      while (this.requested && !this.stopped) {
        this.requested = false;
        while (!this.stopped && (await this.job()));
      }
    } catch (error) {
      this.stopped = true;
      this.onError(error);
    } finally {
      this.running = undefined;
    }
  }
}
