import fc from 'fast-check';
import { settle, Turns } from '../driver/turns.js';

/**
 * Turns whose order fast-check's scheduler decides, from a seed: whenever several completions wait (syncs, pauses of
 * background work), it picks the next one. What it picked is kept as numbers, which a case holds as `completions`, so
 * that the same order is played again without the scheduler, by whatever version of fast-check.
 */
export class ScheduledTurns extends Turns {
  /** What was picked so far: which of those waiting, the oldest being 0. */
  readonly completions: number[] = [];
  readonly #scheduler: fc.Scheduler;
  readonly #tasks: (() => void)[] = [];
  #picked: (() => void) | undefined;

  /** `seed`: 0 to 2^32 - 1. */
  constructor(seed: number) {
    super();
    const [scheduler] = fc.sample(fc.scheduler(), { seed: seed | 0, numRuns: 1 });
    if (scheduler === undefined) throw new Error('Expected fast-check to make a scheduler.');
    this.#scheduler = scheduler;
  }

  override async runUntil(done: () => boolean): Promise<boolean> {
    for (;;) {
      await settle();
      if (done()) return true;
      const waiting = this.waiting();
      if (waiting.length === 0) return false;
      for (const task of waiting) this.#offer(task);
      let index = -1;
      // A task that was taken by a turn of the case is still known to the scheduler: pick again.
      while (index < 0) {
        await this.#scheduler.waitOne();
        index = this.#picked === undefined ? -1 : waiting.indexOf(this.#picked);
      }
      this.completions.push(index);
      this.take(index);
    }
  }

  #offer(task: () => void): void {
    if (this.#tasks.includes(task)) return;
    this.#tasks.push(task);
    void this.#scheduler.schedule(Promise.resolve(task)).then((picked) => {
      this.#picked = picked;
    });
  }
}
