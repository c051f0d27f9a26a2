import { STEP_LABELS } from '../../engine/index.js';
import { canCut, parseEnding } from '../faults/ending.js';
import type { CrashCase } from '../workload/case.js';
import type { CrashPointCell, CrashPointRow, KillCounts, ScenarioRecord } from './record.js';
import type { CaseOutcome } from './run-case.js';
import type { LifeOutcome } from './life-notes.js';

/** What a scenario's cases add up to. Shrinking and confirming runs are not counted: they look at one failure. */
export class Tally {
  private readonly reached = new Map<string, number>();
  private readonly cells = new Map<string, { kills: number; failures: number }>();
  private readonly kills = { exact: 0, timed: 0, idle: 0 };
  private cases = 0;
  private lives = 0;
  private faultsNotFired = 0;
  private operations = 0;
  private acknowledged = 0;
  private recoveries = 0;

  /** All lives of a case; the last look, which the case itself does not list, ends by closing. */
  add(crashCase: CrashCase, outcome: CaseOutcome): void {
    const failed = outcome.judgement.verdict === 'violated';
    for (const [number, life] of outcome.lives.entries()) {
      const before = outcome.lives[number - 1];
      this.addLife(crashCase.lives[number]?.end ?? 'close', life, before?.death !== undefined, failed);
    }
    this.addCase();
  }

  /** `afterKill`: the life before it was killed, so opening was a recovery. */
  addLife(end: string, life: LifeOutcome, afterKill: boolean, failed = false): void {
    this.lives++;
    if (afterKill && life.events.some((event) => event.kind === 'open')) this.recoveries++;
    for (const [label, count] of Object.entries(life.steps)) {
      this.reached.set(label, (this.reached.get(label) ?? 0) + count);
    }
    for (const event of life.events) {
      if (event.kind === 'invoke') this.operations++;
      if (event.kind === 'ok') this.acknowledged++;
    }
    if (life.death !== undefined) this.addKill(end, life.fired, failed);
    else if (parseEnding(end).kind === 'kill-at-step') this.faultsNotFired++;
  }

  addCase(): void {
    this.cases++;
  }

  merge(other: Tally): void {
    for (const [label, count] of other.reached) this.reached.set(label, this.reachedSteps(label) + count);
    for (const [name, { kills, failures }] of other.cells) {
      const cell = this.cells.get(name) ?? { kills: 0, failures: 0 };
      this.cells.set(name, { kills: cell.kills + kills, failures: cell.failures + failures });
    }
    for (const sort of ['exact', 'timed', 'idle'] as const) this.kills[sort] += other.kills[sort];
    this.cases += other.cases;
    this.lives += other.lives;
    this.faultsNotFired += other.faultsNotFired;
    this.operations += other.operations;
    this.acknowledged += other.acknowledged;
    this.recoveries += other.recoveries;
  }

  counts(): Pick<
    ScenarioRecord,
    'cases' | 'lives' | 'kills' | 'faultsNotFired' | 'operations' | 'acknowledged' | 'recoveries'
  > {
    const { cases, lives, faultsNotFired, operations, acknowledged, recoveries } = this;
    return { cases, lives, kills: this.killCounts(), faultsNotFired, operations, acknowledged, recoveries };
  }

  killCounts(): KillCounts {
    return { ...this.kills };
  }

  /** Kills at one crash point. */
  cell(label: string, moment: 'before' | 'inside' | 'after'): CrashPointCell {
    return { ...(this.cells.get(`${moment} ${label}`) ?? { kills: 0, failures: 0 }) };
  }

  reachedSteps(label: string): number {
    return this.reached.get(label) ?? 0;
  }

  private addKill(end: string, fired: boolean, failed: boolean): void {
    const ending = parseEnding(end);
    if (ending.kind === 'kill-after-ms') this.kills.timed++;
    else if (ending.kind === 'kill-at-step' && fired) this.kills.exact++;
    else this.kills.idle++;
    if (ending.kind !== 'kill-at-step') return;
    if (!fired) {
      this.faultsNotFired++;
      return;
    }
    const name = `${ending.moment} ${ending.label}`;
    const cell = this.cells.get(name) ?? { kills: 0, failures: 0 };
    cell.kills++;
    if (failed) cell.failures++;
    this.cells.set(name, cell);
  }
}

/** The table of all crash points that the engine has, summed over the scenarios of a run. */
export function crashPointRows(tallies: readonly Tally[]): readonly CrashPointRow[] {
  const sum = (label: string, moment: 'before' | 'inside' | 'after'): CrashPointCell =>
    tallies
      .map((tally) => tally.cell(label, moment))
      .reduce(
        (left, right) => ({ kills: left.kills + right.kills, failures: left.failures + right.failures }),
        {
          kills: 0,
          failures: 0,
        },
      );
  return STEP_LABELS.map((label) => ({
    label,
    reached: tallies.reduce((total, tally) => total + tally.reachedSteps(label), 0),
    before: sum(label, 'before'),
    inside: canCut(label) ? sum(label, 'inside') : null,
    after: sum(label, 'after'),
  }));
}
