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
import { playInMemory } from './play-in-memory.js';
import { recordLife } from './record-life.js';
import { ScheduledTurns } from './scheduled-turns.js';
import { withStrikingFaults } from './striking-faults.js';

/**
 * Explores a case: its lives are played in memory up to the last one, which is recorded whole; then the power fails (and
 * the process dies) at each of its steps, under every model, and each disk that may be left is recovered and checked.
 * Some of what recovery does is recorded and explored in the same way, to a depth. Stops at the first violation that
 * the exact judge confirms.
 */
export async function explore(drawn: CrashCase, plan: ExplorePlan): Promise<Explored> {
  const crashCase = await withStrikingFaults(drawn);
  const keys = keysOf(crashCase);
  const tally = new PowerTally();
  let machine: Machine = poweredOn(EMPTY_DISK);
  const last = crashCase.lives.length - 1;
  let result: LifeResult = { found: undefined, doubts: [] };
  const history: HistoryEvent[] = [];
  for (const [number, life] of crashCase.lives.entries()) {
    const scheduled =
      number === last && plan.order === 'scheduler' ? new ScheduledTurns(plan.seed) : undefined;
    const order = scheduled === undefined ? {} : { order: scheduled };
    const recorded = await recordLife(machine, crashCase, number, life, keys, order);
    if (number < last) {
      const cut = cutLife(machine, number, recorded, life.end);
      history.push(...cut.events);
      machine = cut.machine;
      continue;
    }
    history.push(...recorded.events);
    const lives =
      scheduled === undefined
        ? crashCase.lives
        : crashCase.lives.with(last, { ...life, completions: scheduled.completions });
    const played = { ...crashCase, lives };
    const context = { crashCase: played, keys, plan, tally, promise: promiseOf(crashCase.options) };
    result = await judgeItself(played, tally);
    if (result.found !== undefined) continue;
    const { doubts } = result;
    result = await exploreLife(context, { machine, recorded, lives, depth: 1 });
    result = { ...result, doubts: [...doubts, ...result.doubts] };
    if (result.found !== undefined) result = { ...result, found: { ...result.found, explored: played } };
  }
  const count = (kind: HistoryEvent['kind']): number => history.filter((event) => event.kind === kind).length;
  return {
    ...result,
    counts: tally.counts(),
    lives: crashCase.lives.length,
    operations: count('invoke'),
    acknowledged: count('ok'),
    failedSyncs: count('fault'),
  };
}

/**
 * The lives of the case as they went, before the power fails anywhere: what they showed, and which files they made. A
 * disk that is left does not tell that a file number was used twice.
 */
async function judgeItself(played: CrashCase, tally: PowerTally): Promise<LifeResult> {
  const outcome = await playInMemory(played);
  const { verdict, doubts } = outcome.judgement;
  tally.judged();
  if (verdict !== 'violated') return { found: undefined, doubts };
  tally.failure('kill');
  return { found: { case: played, explored: played, model: 'kill', outcome }, doubts: [] };
}

export interface ExplorePlan extends PickLimits {
  readonly models: readonly ModelName[];
  /** Also let the process die at each moment, with nothing lost. */
  readonly kills: boolean;
  /** Moments right before and after these steps only; undefined for all. Deeper lives are not restricted. */
  readonly labels?: readonly string[];
  /** Who orders completions in the explored life: the numbers of the case, or fast-check's scheduler from the seed. */
  readonly order: 'case' | 'scheduler';
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
  /** Of the case itself, as it was recorded. */
  readonly lives: number;
  readonly operations: number;
  readonly acknowledged: number;
  /** Syncs that were made to fail and did. */
  readonly failedSyncs: number;
}
