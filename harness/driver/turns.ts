/**
 * Decides the order of asynchronous completions in an exact run. The engine has three places where it must wait
 * (a sync, a pause of background work, a timer); here each of them parks a task, and nothing goes on until somebody
 * takes a turn. Between two turns the process runs until every promise that can settle has settled, so the order
 * of everything depends on the choices alone.
 */
export class Turns {
  private readonly parked: (() => void)[] = [];
  private readonly picks: readonly number[];
  private next = 0;

  /** `completions`: which of those waiting goes on, one number for each turn of `runUntil`; the oldest beyond them. */
  constructor(completions: readonly number[] = []) {
    this.picks = completions;
  }

  /** What waits for its turn, the oldest first. */
  protected waiting(): readonly (() => void)[] {
    return [...this.parked];
  }

  /** Parks work until its turn comes; the promise settles as the work does. */
  park<Value>(work: () => Value | Promise<Value>): Promise<Value> {
    return new Promise((resolve) => {
      this.parked.push(() => resolve(call(work)));
    });
  }

  /** Takes back a task that was parked as a timer. */
  parkTimer(run: () => void): () => void {
    this.parked.push(run);
    return () => {
      const index = this.parked.indexOf(run);
      if (index >= 0) this.parked.splice(index, 1);
    };
  }

  /** Lets the parked task `choice` (modulo their number, oldest first) go on; false if none is parked. */
  take(choice: number): boolean {
    const [task] = this.parked.splice(choice % Math.max(1, this.parked.length), 1);
    task?.();
    return task !== undefined;
  }

  /** Takes turns, as `completions` says and then oldest first, until `done` or until nothing is parked; returns whether it was done. */
  async runUntil(done: () => boolean): Promise<boolean> {
    for (;;) {
      await settle();
      if (done()) return true;
      if (!this.take(this.picks[this.next] ?? 0)) return false;
      this.next++;
    }
  }
}

/** Resolves after every promise that can settle without a turn has settled. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Calls at once, and turns what is thrown into a rejection. */
async function call<Value>(work: () => Value | Promise<Value>): Promise<Value> {
  return await work();
}
