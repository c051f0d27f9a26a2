import { EMPTY_DISK } from '../disk/disk.js';
import { type Machine, poweredOn } from '../disk/machine.js';
import { formatEnding, parseEnding } from '../faults/ending.js';
import type { PowerEnding, PowerMoment } from '../faults/power-ending.js';
import type { CrashCase } from '../workload/case.js';
import { keysOf } from '../workload/case-facts.js';
import { cutLife } from './cut-life.js';
import { recordLife, type RecordedLife } from './record-life.js';

/**
 * Looks for the first moment at which what is lost hurts. The step right before it is the one that came too early, so
 * it says more than a moment at which that step may long be durable, and steps that do not matter lie between.
 *
 * Only the last life is looked at; if what it loses is of the life before, which was killed, the power fails in that
 * life instead. `take` plays a candidate and goes on with it (true) if the power failed as planned in the life given and
 * the case still fails. One play for each moment.
 */
export async function strikeEarlier(
  crashCase: CrashCase,
  take: (candidate: CrashCase, life: number) => Promise<boolean>,
): Promise<void> {
  let now = crashCase;
  for (;;) {
    const candidate = inLifeBefore(now);
    if (candidate === undefined || !(await take(candidate, candidate.lives.length - 1))) break;
    now = candidate;
  }
  const life = now.lives.length - 1;
  const ending = lastLoss(now);
  if (ending === undefined) return;
  const { recorded, position } = await recordUpTo(now, life);
  for (const at of momentsBefore(recorded.names, position)) {
    const candidate = withEnd(now, life, { ...ending, at });
    if (candidate.lives[life]?.end === now.lives[life]?.end) break;
    if (!(await take(candidate, life))) continue;
    now = candidate;
    break;
  }
  for (;;) {
    const candidate = withoutLastOperation(now, life);
    if (candidate === undefined || !(await take(candidate, life))) return;
    now = candidate;
  }
}

/** Plays the lives before one, records that one whole, and says how many of its steps are done when it ends. */
export async function recordUpTo(
  crashCase: CrashCase,
  last: number,
): Promise<{ readonly machine: Machine; readonly recorded: RecordedLife; readonly position: number }> {
  const keys = keysOf(crashCase);
  let machine = poweredOn(EMPTY_DISK);
  for (let number = 0; ; number++) {
    const life = crashCase.lives[number];
    if (life === undefined) throw new RangeError(`Expected a life of the case, got ${last}.`);
    const recorded = await recordLife(machine, crashCase, number, life, keys);
    const cut = cutLife(machine, number, recorded, life.end);
    if (number === last) return { machine, recorded, position: cut.position };
    machine = cut.machine;
  }
}

/** The power loss that the case ends with, if something is lost. */
function lastLoss(crashCase: CrashCase): PowerEnding | undefined {
  const ending = parseEnding(crashCase.lives.at(-1)?.end ?? 'close');
  return ending.kind === 'power' && ending.lost.length > 0 ? ending : undefined;
}

/** Without the last life; the power fails where the one before it was killed, and what it lost is lost. */
function inLifeBefore(crashCase: CrashCase): CrashCase | undefined {
  const life = crashCase.lives.length - 2;
  const ending = lastLoss(crashCase);
  const before = crashCase.lives[life];
  const at = momentOfKill(before?.end);
  if (ending === undefined || at === undefined) return undefined;
  const prefix = `${life}:`;
  if (!ending.lost.every(({ name }) => name.startsWith(prefix))) return undefined;
  const lost = ending.lost.map((item) => ({ ...item, name: item.name.slice(prefix.length) }));
  const lives = crashCase.lives.slice(0, -1);
  return withEnd({ ...crashCase, lives }, life, { ...ending, at, lost });
}

function momentOfKill(end: string | undefined): PowerMoment | undefined {
  const ending = parseEnding(end ?? 'close');
  if (ending.kind === 'kill-idle') return { kind: 'idle' };
  if (ending.kind !== 'kill-at-step') return undefined;
  const { moment, label, occurrence } = ending;
  return { kind: moment === 'after' ? 'after' : 'before', label, occurrence };
}

/** Right before and right after each step, from the first one on; `position` steps are done at the last. */
function* momentsBefore(names: readonly string[], position: number): Generator<PowerMoment> {
  for (const name of names.slice(0, position)) {
    yield momentAt('before', name);
    yield momentAt('after', name);
  }
}

function momentAt(kind: 'before' | 'after', name: string): PowerMoment {
  const ending = parseEnding(`power posix ${kind} ${name.replace('#', ' #')}`);
  if (ending.kind !== 'power') throw new Error(`Expected a power loss at a step, got ${name}.`);
  return ending.at;
}

/** What comes after the moment is not needed. */
function withoutLastOperation(crashCase: CrashCase, life: number): CrashCase | undefined {
  const last = crashCase.lives[life];
  if (last === undefined || last.operations.length === 0) return undefined;
  return {
    ...crashCase,
    lives: crashCase.lives.with(life, { ...last, operations: last.operations.slice(0, -1) }),
  };
}

function withEnd(crashCase: CrashCase, life: number, ending: PowerEnding): CrashCase {
  const end = formatEnding(ending);
  return {
    ...crashCase,
    lives: crashCase.lives.map((other, index) => (index === life ? { ...other, end } : other)),
  };
}
