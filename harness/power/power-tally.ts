import { createHash } from 'node:crypto';

/**
 * Counts what an exploration did. Distinct means different disks, by hash. The hashes themselves are kept, so that the
 * counts of several explorations can be added up without counting a disk twice, and the order of everything that was
 * tried goes into one digest: two campaigns with the same digest did the same.
 */
export class PowerTally {
  readonly #models = new Map<string, ModelCounts>();
  readonly #states = new Map<string, Set<number>>();
  readonly #tried: number[] = [];
  readonly #depths: number[] = [];
  readonly #labels = new Set<string>();
  #points = 0;
  #judged = 0;

  /** A moment of the explored life at which power and process may fail, between steps with these labels. */
  point(around: readonly string[]): void {
    this.#points++;
    for (const label of around) this.#labels.add(label);
  }

  /** What a model allows at the present moment. */
  reach(model: string, reachable: number, exhausted: boolean): void {
    const counts = this.#of(model);
    counts.points++;
    counts.reachable += reachable;
    if (exhausted) counts.exhaustedPoints++;
  }

  /** A state is tried; true if the model has not left this disk before. */
  state(model: string, hash: number): boolean {
    this.#of(model).tried++;
    let states = this.#states.get(model);
    if (states === undefined) this.#states.set(model, (states = new Set<number>()));
    if (states.has(hash)) return false;
    states.add(hash);
    return true;
  }

  verdict(hash: number, legal: boolean): void {
    this.#tried.push(legal ? hash : -hash);
  }

  recovered(depth: number): void {
    while (this.#depths.length < depth) this.#depths.push(0);
    this.#depths[depth - 1] = (this.#depths[depth - 1] ?? 0) + 1;
  }

  judged(): void {
    this.#judged++;
  }

  failure(model: string): void {
    this.#of(model).failures++;
  }

  counts(): PowerCounts {
    const tried = Float64Array.from(this.#tried);
    return {
      points: this.#points,
      labels: [...this.#labels].sort(),
      models: [...this.#models].map(([model, counts]) => ({
        model,
        ...counts,
        states: Float64Array.from(this.#states.get(model) ?? []),
      })),
      depths: this.#depths,
      judged: this.#judged,
      digest: createHash('sha256').update(new Uint8Array(tried.buffer)).digest('hex'),
    };
  }

  #of(model: string): ModelCounts {
    let counts = this.#models.get(model);
    if (counts === undefined) {
      counts = { points: 0, reachable: 0, exhaustedPoints: 0, tried: 0, failures: 0 };
      this.#models.set(model, counts);
    }
    return counts;
  }
}

/** Plain data, so that it can be sent from a worker. */
export interface PowerCounts {
  /** Moments of the life that was explored. */
  readonly points: number;
  /** Labels of the steps before and after these moments, sorted. */
  readonly labels: readonly string[];
  readonly models: readonly (Readonly<ModelCounts> & {
    readonly model: string;
    /** Hashes of the distinct disks, in the order in which they came. */
    readonly states: Float64Array;
  })[];
  /** Recoveries by depth. */
  readonly depths: readonly number[];
  /** States that the exact judge was asked about. */
  readonly judged: number;
  /** SHA-256 over all states that were tried, in order, and whether each was legal. */
  readonly digest: string;
}

interface ModelCounts {
  points: number;
  reachable: number;
  exhaustedPoints: number;
  tried: number;
  failures: number;
}
