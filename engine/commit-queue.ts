import { EngineError } from './errors.js';
import type { Health } from './health.js';

/**
 * Group commit. Requests wait in one queue; the one that finds it idle starts a round: one append for a whole
 * group, one sync if any of the group asked for it. While a sync is under way newcomers queue up and form the next
 * group, so a hundred concurrent `sync` writers cost a handful of syncs.
 *
 * Where nothing has to be waited for, the write is done before `submit` returns. Requests take effect, and are
 * answered, in the order in which they were submitted.
 */
export class CommitQueue<Request> {
  private readonly log: CommitLog<Request>;
  private readonly health: Health;
  private waiting: Pending<Request>[] = [];
  private busy = false;
  private readonly onIdle: (() => void)[] = [];

  constructor(log: CommitLog<Request>, health: Health) {
    this.log = log;
    this.health = health;
  }

  /** Rejects with ENGINE_READ_ONLY (no effect) or with ENGINE_IO (outcome unknown). */
  submit(request: Request): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, resolve, reject });
      if (!this.busy) this.carryAll();
    });
  }

  /** Nothing is being committed. */
  get isIdle(): boolean {
    return !this.busy;
  }

  /** Resolves when every request submitted before the call is answered. */
  async drained(): Promise<void> {
    while (this.busy) await new Promise<void>((resolve) => this.onIdle.push(resolve));
  }

  private carryAll(): void {
    this.busy = true;
    while (this.waiting.length > 0) {
      const wait = this.carryGroup();
      if (wait !== undefined) {
        void wait.then(() => this.carryAll());
        return;
      }
    }
    this.busy = false;
    for (const resolve of this.onIdle.splice(0)) resolve();
  }

  /** One round. Never throws and never rejects: every outcome goes to the requests. */
  private carryGroup(): Promise<void> | undefined {
    try {
      this.health.checkWritable();
      const room = this.log.makeRoom();
      if (room !== undefined) {
        return room.then(
          // Background work may have failed meanwhile: the next round then refuses, also who waits since.
          () => (this.health.cause === undefined ? this.commitGroup() : this.carryGroup()),
          (error: unknown) => this.refuse(this.waiting.splice(0), this.reasonOf(error)),
        );
      }
    } catch (error) {
      this.refuse(this.waiting.splice(0), this.reasonOf(error));
      return undefined;
    }
    return this.commitGroup();
  }

  private commitGroup(): Promise<void> | undefined {
    const group = this.takeGroup();
    try {
      const commit = this.log.commit(group.map((pending) => pending.request));
      if (commit !== undefined) {
        return commit.then(
          () => accept(group),
          (error: unknown) => this.refuse(group, this.reasonAfterCommit(error)),
        );
      }
    } catch (error) {
      this.refuse(group, this.reasonAfterCommit(error));
      return undefined;
    }
    accept(group);
    return undefined;
  }

  /** As many of the waiting requests as the memtable has room for, and at least one. */
  private takeGroup(): readonly Pending<Request>[] {
    let size = 0;
    for (let room = this.log.room(); size < this.waiting.length; size++) {
      const pending = this.waiting[size];
      if (pending === undefined) break;
      room -= this.log.weigh(pending.request);
      if (room < 0 && size > 0) break;
    }
    if (size === this.waiting.length) {
      const all = this.waiting;
      this.waiting = [];
      return all;
    }
    return this.waiting.splice(0, size);
  }

  private reasonOf(error: unknown): EngineError {
    const readOnly = error instanceof EngineError && error.code === 'ENGINE_READ_ONLY';
    return readOnly ? error : this.health.fail(error);
  }

  /** The log had the group in hand, so whatever stopped it, the group may be there after reopening. */
  private reasonAfterCommit(error: unknown): EngineError {
    const failure = this.health.fail(error);
    if (failure.outcome === 'unknown') return failure;
    return new EngineError('ENGINE_IO', `A write was interrupted by an earlier failure: ${failure.message}`, {
      cause: failure,
      outcome: 'unknown',
    });
  }

  private refuse(group: readonly Pending<Request>[], reason: EngineError): void {
    for (const pending of group) pending.reject(reason);
  }
}

/** What carries the groups. `makeRoom` and `commit` return undefined where nothing has to be waited for. */
export interface CommitLog<Request> {
  /** Called before each group: afterwards the memtable can take at least one request. */
  makeRoom(): Promise<void> | undefined;
  /** Entries that the memtable can take before it is full. */
  room(): number;
  /** Entries that a request adds. */
  weigh(request: Request): number;
  commit(requests: readonly Request[]): Promise<void> | undefined;
}

interface Pending<Request> {
  readonly request: Request;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function accept<Request>(group: readonly Pending<Request>[]): void {
  for (const pending of group) pending.resolve();
}
