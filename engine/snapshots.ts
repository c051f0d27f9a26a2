import { EngineError } from './errors.js';

/**
 * The sequence numbers that living snapshots see; compaction keeps what any of them needs. A snapshot that was
 * released, or that another database made, is refused: compaction may have dropped what it would have seen.
 */
export interface Snapshot {
  readonly sequence: number;
  /** Lets compaction forget what only this snapshot sees. A second call does nothing. */
  release(): void;
}

export class Snapshots {
  readonly #living = new Set<Snapshot>();

  take(sequence: number): Snapshot {
    // Frozen: what a reader sees must be what compaction keeps.
    const snapshot: Snapshot = Object.freeze({
      sequence,
      release: () => void this.#living.delete(snapshot),
    });
    this.#living.add(snapshot);
    return snapshot;
  }

  /** The sequence number that a snapshot reads at; ENGINE_INVALID_ARGUMENT if it is not one of the living. */
  sequenceOf(snapshot: unknown): number {
    if (this.#living.has(snapshot as Snapshot)) return (snapshot as Snapshot).sequence;
    throw new EngineError(
      'ENGINE_INVALID_ARGUMENT',
      'Expected a snapshot of this database that was not released, got another one; take a new one.',
    );
  }

  /** Of all living snapshots, ascending, each once. */
  sequences(): readonly number[] {
    return [...new Set([...this.#living].map(({ sequence }) => sequence))].sort((a, b) => a - b);
  }
}
