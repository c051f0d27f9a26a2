/**
 * Sums over a run record, and the crash points grouped by phase. A crash point is a step and a moment (before,
 * inside, after); it counts as reached when at least one process was killed there. A step that was executed but
 * never killed at is not a reached crash point.
 */
import type { CrashPointCell, CrashPointRow, KillCounts, RunRecord } from '../harness/run/record.js';

export interface RunTotals {
  readonly kills: KillCounts;
  readonly killsAll: number;
  readonly cases: number;
  readonly recoveries: number;
  readonly operations: number;
  readonly acknowledged: number;
  readonly faultsNotFired: number;
  readonly pointsReached: number;
  readonly points: number;
}

/** Totals over all scenarios and crash points of a run. */
export function runTotals(record: RunRecord): RunTotals {
  const sum = (pick: (scenario: RunRecord['scenarios'][number]) => number): number =>
    record.scenarios.reduce((total, scenario) => total + pick(scenario), 0);
  const kills = {
    exact: sum((scenario) => scenario.kills.exact),
    timed: sum((scenario) => scenario.kills.timed),
    idle: sum((scenario) => scenario.kills.idle),
  };
  const points = record.crashPoints.flatMap(crashPointsOf);
  return {
    kills,
    killsAll: killTotal(kills),
    cases: sum((scenario) => scenario.cases),
    recoveries: sum((scenario) => scenario.recoveries),
    operations: sum((scenario) => scenario.operations),
    acknowledged: sum((scenario) => scenario.acknowledged),
    faultsNotFired: sum((scenario) => scenario.faultsNotFired),
    pointsReached: points.filter((point) => point.cell.kills > 0).length,
    points: points.length,
  };
}

/** False for a run that only simulated power losses, or ran no scenario: its crash points say nothing. */
export function killsWereTried(record: RunRecord): boolean {
  return record.scenarios.some((scenario) => scenario.power === undefined || killTotal(scenario.kills) > 0);
}

/** Kills of every sort. */
export function killTotal(kills: KillCounts): number {
  return kills.exact + kills.timed + kills.idle;
}

export type Moment = 'before' | 'inside' | 'after';

export interface CrashPoint {
  readonly label: string;
  readonly moment: Moment;
  readonly cell: CrashPointCell;
}

/** The crash points of one step: three where a write can be cut, two otherwise. */
export function crashPointsOf(row: CrashPointRow): readonly CrashPoint[] {
  const moments: readonly Moment[] = ['before', 'inside', 'after'];
  return moments.flatMap((moment) => {
    const cell = row[moment];
    return cell === null ? [] : [{ label: row.label, moment, cell }];
  });
}

export interface PhaseOfSteps {
  /** The part of the label before `/`. */
  readonly phase: string;
  readonly rows: readonly CrashPointRow[];
}

/** Rows grouped by phase, phases in the order of their first row. */
export function groupByPhase(rows: readonly CrashPointRow[]): readonly PhaseOfSteps[] {
  const groups = new Map<string, CrashPointRow[]>();
  for (const row of rows) {
    const phase = row.label.split('/', 1)[0] ?? row.label;
    const group = groups.get(phase);
    if (group === undefined) groups.set(phase, [row]);
    else group.push(row);
  }
  return [...groups].map(([phase, grouped]) => ({ phase, rows: grouped }));
}
