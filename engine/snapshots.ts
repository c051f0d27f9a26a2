import type { Snapshot } from './engine.js';

/** The sequence numbers that living snapshots see; compaction keeps what any of them needs. */
export class Snapshots {
  private readonly held = new Map<number, number>();

  take(sequence: number): Snapshot {
    this.held.set(sequence, (this.held.get(sequence) ?? 0) + 1);
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      const left = (this.held.get(sequence) ?? 0) - 1;
      if (left > 0) this.held.set(sequence, left);
      else this.held.delete(sequence);
    };
    return { sequence, release };
  }

  /** Ascending. */
  sequences(): readonly number[] {
    return [...this.held.keys()].sort((left, right) => left - right);
  }
}
