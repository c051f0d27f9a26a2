import type { Disk } from '../disk/disk.js';

import { afterDeath, type Machine, poweredOn } from '../disk/machine.js';
import type { ModelName, Outcome } from '../disk/model.js';
import { modelOf } from '../disk/models/index.js';
import { close, isPossible, PICK_KEPT, PICK_LOST } from '../disk/choices.js';
import { Simulation } from '../disk/simulation.js';
import type { TraceStep } from '../disk/trace.js';
import { type Ending, parseEnding } from '../faults/ending.js';
import type { LostStep, PowerEnding } from '../faults/power-ending.js';
import type { Death, HistoryEvent } from '../history/event.js';
import type { RecordedLife } from './record-life.js';

/**
 * Lets a recorded life end where its plan says: what was said up to then, and what machine is left. A pure function of
 * the recording, the moment, the model and the choice. What was in flight has an open outcome.
 */
export function cutLife(machine: Machine, number: number, recorded: RecordedLife, end: string): CutLife {
  const ending = parseEnding(end);
  if (ending.kind === 'kill-after-ms') {
    throw new Error('A timed kill depends on the clock, so it cannot be played in memory.');
  }
  const { position, says, fired } = momentOf(recorded, ending);
  const kept = eventsUntil(recorded, position, says);
  // A kill that was planned for a step of closing and did not come: the engine has closed.
  const closed = ending.kind === 'close' || (!fired && recorded.events.at(-1)?.kind === 'close');
  if (closed) {
    return { events: kept, machine: afterDeath(machine, number, recorded.steps), fired, position };
  }
  if (ending.kind === 'power') {
    const left = diskLeft(machine, recorded, position, ending);
    const death: Death = { kind: 'power', model: ending.model };
    const files = [...left.disk.files.keys()].sort();
    const whole = fired && left.found;
    return {
      events: [...kept, ...deathOf(number, kept, death, end, whole, files)],
      machine: poweredOn(left.disk),
      fired: whole,
      position,
    };
  }
  const steps = recorded.steps.slice(0, position);
  const cut =
    ending.kind === 'kill-at-step' && ending.moment === 'inside' && fired ? ending.bytes : undefined;
  const inside = cut === undefined ? [] : partOf(recorded.steps[position], cut);
  return {
    events: [...kept, ...deathOf(number, kept, { kind: 'killed', by: 'simulator' }, end, fired)],
    machine: afterDeath(machine, number, [...steps, ...inside]),
    fired,
    position,
  };
}

export interface CutLife {
  readonly events: readonly HistoryEvent[];
  /** What the next life finds. */
  readonly machine: Machine;
  /** The planned moment came, and every step that was to be lost was there to be lost. */
  readonly fired: boolean;
  /** Steps of the life that were done. */
  readonly position: number;
}

/** What was said until `position` steps were done; `says`: also what was said before the next one. */
export function eventsUntil(
  recorded: RecordedLife,
  position: number,
  says: boolean,
): readonly HistoryEvent[] {
  return recorded.events.filter((_, index) => {
    const at = recorded.positions[index] ?? 0;
    return says ? at <= position : at < position;
  });
}

/** The machine under a model when `position` steps of the life are done. */
export function simulationAt(
  machine: Machine,
  recorded: RecordedLife,
  position: number,
  model: ModelName,
): Simulation {
  const simulation = new Simulation(modelOf(model), machine.disk);
  for (const [index, step] of machine.steps.entries()) simulation.advance(step, machine.names[index]);
  for (let index = 0; index < position; index++) {
    const step = recorded.steps[index];
    if (step !== undefined) simulation.advance(step, recorded.names[index]);
  }
  return simulation;
}

/** The disk that a power loss leaves after `position` steps of the life. */
function diskLeft(
  machine: Machine,
  recorded: RecordedLife,
  position: number,
  ending: PowerEnding,
): { readonly disk: Disk; readonly found: boolean } {
  const simulation = simulationAt(machine, recorded, position, ending.model);
  const { picked, found } = pickOf(simulation, ending.lost);
  return { disk: simulation.state(picked), found };
}

/** The closed pick that loses what is listed; not `found` if something of that was not there to be lost. */
function pickOf(
  simulation: Simulation,
  lost: readonly LostStep[],
): { readonly picked: readonly number[]; readonly found: boolean } {
  const choices = simulation.choices();
  const picked = choices.map(() => PICK_KEPT);
  let found = true;
  for (const { name, outcome } of lost) {
    const index = choices.findIndex(({ pending }) => pending.name === name);
    const pick = choices[index]?.outcomes.findIndex((possible) => sameOutcome(possible, outcome)) ?? -1;
    if (pick < 0) found = false;
    else picked[index] = pick;
  }
  return { picked: close(choices, picked), found };
}

/** Names of the steps that are lost for want of this one, in the order of the trace. */
export function followersOf(simulation: Simulation, lost: LostStep): readonly string[] {
  const { picked } = pickOf(simulation, [lost]);
  return simulation
    .choices()
    .flatMap(({ pending }, index) =>
      picked[index] === PICK_LOST && pending.name !== lost.name ? [pending.name] : [],
    );
}

/** What is lost or torn in a pick, as an ending says it; what is lost only for want of something else is left out. */
export function lostSteps(simulation: Simulation, picked: readonly number[]): readonly LostStep[] {
  const choices = simulation.choices();
  return choices.flatMap(({ pending, outcomes }, index): readonly LostStep[] => {
    const outcome = outcomes[picked[index] ?? PICK_KEPT];
    if (outcome === undefined || outcome.kind === 'kept') return [];
    const follows = picked[index] === PICK_LOST && !isPossible(choices, index, PICK_KEPT, picked);
    return follows ? [] : [{ name: pending.name, outcome }];
  });
}

function sameOutcome(left: Outcome, right: Outcome): boolean {
  if (left.kind !== 'remnant' || right.kind !== 'remnant') return left.kind === right.kind;
  return left.part === right.part && left.at === right.at && left.fill === right.fill;
}

interface Moment {
  readonly position: number;
  readonly says: boolean;
  readonly fired: boolean;
}

function momentOf(
  { names, steps }: RecordedLife,
  ending: Exclude<Ending, { kind: 'kill-after-ms' }>,
): Moment {
  const atEnd = { position: steps.length, says: true };
  if (ending.kind === 'close' || ending.kind === 'kill-idle') return { ...atEnd, fired: true };
  const at = ending.kind === 'power' ? ending.at : { ...ending, kind: ending.moment };
  if (at.kind === 'idle') return { ...atEnd, fired: true };
  const index = names.indexOf(`${at.label}#${at.occurrence}`);
  if (index < 0) return { ...atEnd, fired: false };
  return at.kind === 'after'
    ? { position: index + 1, says: false, fired: true }
    : { position: index, says: true, fired: true };
}

function partOf(step: TraceStep | undefined, bytes: number): readonly TraceStep[] {
  if (step?.kind !== 'write') return [];
  // Fewer than all, as in a real child: a whole write is the moment after.
  const done = step.bytes.subarray(0, Math.min(bytes, step.bytes.length - 1));
  return done.length === 0 ? [] : [{ ...step, bytes: done }];
}

function deathOf(
  life: number,
  kept: readonly HistoryEvent[],
  death: Death,
  planned: string,
  fired: boolean,
  left?: readonly string[],
): readonly HistoryEvent[] {
  const inFlight = new Set<number>();
  for (const event of kept) {
    if (event.kind === 'invoke') inFlight.add(event.index);
    else if (event.kind === 'ok' || event.kind === 'fail' || event.kind === 'info')
      inFlight.delete(event.index);
  }
  return [
    ...[...inFlight].sort((a, b) => a - b).map((index) => ({ kind: 'info' as const, life, index })),
    { kind: 'crash', life, death, planned, fired, ...(left === undefined ? {} : { left }) },
  ];
}
