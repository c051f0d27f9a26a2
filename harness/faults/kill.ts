import type { StepLabel } from '../../engine/index.js';
import type { Ending } from './ending.js';
import type { StepObserver } from './step-vfs.js';

/**
 * The exact kill: counts the steps of a life and, when the planned one comes, says its last words and sends SIGKILL
 * to its own process, before the step, after it, or after a given number of bytes of a write. Nothing of the
 * process runs afterwards: no handler, no flush, no destructor.
 */
export class KillAtStep implements StepObserver {
  private readonly plan: Ending;
  private readonly listener: StepListener;
  private readonly counts = new Map<string, number>();

  constructor(plan: Ending, listener: StepListener) {
    this.plan = plan;
    this.listener = listener;
  }

  /** How often each step has begun, in the order in which the labels first appeared. */
  steps(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.counts);
  }

  before(label: StepLabel): void {
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
    if (this.strikes(label, 'before')) this.die();
  }

  cutAt(label: StepLabel, bytes: number): number | undefined {
    const { plan } = this;
    if (plan.kind !== 'kill-at-step' || plan.moment !== 'inside' || !this.strikes(label, 'inside'))
      return undefined;
    // Fewer than all: a whole write is the moment after.
    return Math.min(plan.bytes, Math.max(0, bytes - 1));
  }

  cut(): void {
    this.die();
  }

  after(label: StepLabel, path: string): void {
    if (label.endsWith('create')) this.listener.created(path);
    if (this.strikes(label, 'after')) this.die();
  }

  private strikes(label: StepLabel, moment: 'before' | 'inside' | 'after'): boolean {
    const { plan } = this;
    return (
      plan.kind === 'kill-at-step' &&
      plan.moment === moment &&
      plan.label === label &&
      plan.occurrence === this.counts.get(label)
    );
  }

  private die(): never {
    this.listener.dying();
    process.kill(process.pid, 'SIGKILL');
    // The signal is pending; no further step may happen before it is delivered.
    for (;;);
  }
}

export interface StepListener {
  /** A file was made. */
  created(path: string): void;
  /** The process ends when this returns. */
  dying(): void;
}
