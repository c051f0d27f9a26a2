import { promiseOf } from '../checker/promise.js';
import { EMPTY_DISK } from '../disk/disk.js';
import { type Machine, poweredOn } from '../disk/machine.js';
import type { ModelName } from '../disk/model.js';
import type { HistoryEvent } from '../history/event.js';
import type { CrashCase } from '../workload/case.js';
import { keysOf } from '../workload/case-facts.js';
import { cutLife } from './cut-life.js';
import { exploreLife, type LifeResult } from './explore-life.js';
import { type PowerCounts, PowerTally } from './power-tally.js';
import type { PickLimits } from './pick-states.js';
import { recordLife } from './record-life.js';

/**
 * Explores a case: its lives are played in memory up to the last one, which is recorded whole; then the power fails (and
 * the process dies) at each of its steps, under every model, and each disk that may be left is recovered and checked.
 * Some of what recovery does is recorded and explored in the same way, to a depth. Stops at the first violation that
 * the exact judge confirms.
 */
export async function explore(crashCase: CrashCase, plan: ExplorePlan): Promise<Explored> {
  const keys = keysOf(crashCase);
  const tally = new PowerTally();
  let machine: Machine = poweredOn(EMPTY_DISK);
  const last = crashCase.lives.length - 1;
  let result: LifeResult = { found: undefined, doubts: [] };
  let history: readonly HistoryEvent[] = [];
  for (const [number, life] of crashCase.lives.entries()) {
    const recorded = await recordLife(machine, crashCase, number, life, keys);
    if (number < last) {
      const cut = cutLife(machine, number, recorded, life.end);
      history = [...history, ...cut.events];
      machine = cut.machine;
      continue;
    }
    const context = { crashCase, keys, plan, tally, promise: promiseOf(crashCase.options) };
    result = await exploreLife(context, { machine, recorded, lives: crashCase.lives, depth: 1 });
  }
  return { ...result, counts: tally.counts() };
}

export interface ExplorePlan extends PickLimits {
  readonly models: readonly ModelName[];
  /** Seed of the choice of states, 0 to 2^32 - 1. */
  readonly seed: number;
  /** 1: crashes of the recorded life only; 3: crashes while recovering from crashes while recovering. */
  readonly depthMax: number;
  /** One in so many distinct states is also recovered slowly and crashed again. */
  readonly deeperOneIn: number;
  /** Moments tried in a life at depth 2 and beyond. */
  readonly deeperPoints: number;
  /** One in so many distinct states must also take a write, flush it and read it back; 1 for all. */
  readonly probeOneIn: number;
}

export interface Explored extends LifeResult {
  readonly counts: PowerCounts;
}
