import { createHash } from 'node:crypto';
import type { Verdict } from '../checker/verdict.js';
import type { Explored } from '../power/explore.js';
import type { ModelRecord, PowerRecord, ScenarioRecord } from './record.js';
import { Tally } from './tally.js';

/** Adds up explorations in the order in which they are given, without counting a disk twice. */
export class PowerSum {
  readonly tally = new Tally();
  /** Labels of steps before or after which the power failed. */
  readonly labels = new Set<string>();
  failedSyncs = 0;
  readonly #all = new Set<number>();
  readonly #models = new Map<
    string,
    { record: Omit<ModelRecord, 'verdict'>; readonly states: Set<number> }
  >();
  readonly #digest = createHash('sha256');
  readonly #depths: number[] = [];
  #cases = 0;
  #lives = 0;
  #operations = 0;
  #acknowledged = 0;

  add(explored: Explored): void {
    const { counts } = explored;
    this.#cases++;
    this.#lives += explored.lives;
    this.#operations += explored.operations;
    this.#acknowledged += explored.acknowledged;
    this.failedSyncs += explored.failedSyncs;
    this.#digest.update(counts.digest);
    for (const label of counts.labels) this.labels.add(label);
    for (const [depth, recoveries] of counts.depths.entries()) {
      this.#depths[depth] = (this.#depths[depth] ?? 0) + recoveries;
    }
    const suffix = explored.failedSyncs > 0 ? '+fsync-fails' : '';
    for (const { states, model, ...rest } of counts.models) this.#addModel(`${model}${suffix}`, rest, states);
  }

  get distinct(): number {
    return this.#all.size;
  }

  /** Every state was tried at every point of every model. */
  get exhausted(): boolean {
    return [...this.#models.values()].every(({ record }) => record.exhaustedPoints === record.points);
  }

  counts(): Pick<ScenarioRecord, 'cases' | 'lives' | 'operations' | 'acknowledged' | 'recoveries'> {
    return {
      cases: this.#cases,
      lives: this.#lives,
      operations: this.#operations,
      acknowledged: this.#acknowledged,
      recoveries: this.#recoveries(),
    };
  }

  /** `verdict`: of the scenario; a model without a failure of its own held in what was tried. */
  record(verdict: Verdict): PowerRecord {
    return {
      models: [...this.#models.values()].map(({ record, states }) => ({
        ...record,
        distinct: states.size,
        verdict: record.failures > 0 ? 'violated' : verdict === 'unknown' ? 'unknown' : 'held',
      })),
      digest: this.#digest.copy().digest('hex').slice(0, 16),
      distinct: this.distinct,
      recoveries: this.#recoveries(),
      depths: [...this.#depths],
      failedSyncs: this.failedSyncs,
      operations: this.#operations,
    };
  }

  #recoveries(): number {
    return this.#depths.reduce((sum, recoveries) => sum + recoveries, 0);
  }

  #addModel(
    model: string,
    counts: Pick<ModelRecord, 'points' | 'reachable' | 'tried' | 'exhaustedPoints' | 'failures'>,
    states: Float64Array,
  ): void {
    const known = this.#models.get(model);
    const record = known?.record ?? {
      model,
      points: 0,
      reachable: 0,
      tried: 0,
      distinct: 0,
      exhaustedPoints: 0,
      failures: 0,
    };
    const sum = {
      ...record,
      points: record.points + counts.points,
      reachable: record.reachable + counts.reachable,
      tried: record.tried + counts.tried,
      exhaustedPoints: record.exhaustedPoints + counts.exhaustedPoints,
      failures: record.failures + counts.failures,
    };
    const all = known?.states ?? new Set<number>();
    for (const hash of states) {
      all.add(hash);
      this.#all.add(hash);
    }
    this.#models.set(model, { record: sum, states: all });
  }
}
