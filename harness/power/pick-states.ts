import type { Random } from '../random.js';
import { type Choice, close, isPossible, PICK_KEPT, PICK_LOST } from '../disk/choices.js';

/**
 * Which of the states that a power loss may leave are tried. Where there are few, all of them; where there are many,
 * first those that have hurt real engines (everything kept, everything lost; each change alone lost, alone kept, or
 * torn; the last or the first few lost), then a sample from the seed.
 */
export function pickStates(choices: readonly Choice[], limits: PickLimits, random: Random): PickedStates {
  const reachable = choices.reduce((product, { outcomes }) => product * outcomes.length, 1);
  if (reachable <= limits.exhaustiveMax) {
    const picks = [...allPicks(choices)];
    return { picks, reachable: picks.length, exhausted: true };
  }
  const picks: number[][] = [];
  const seen = new Set<string>();
  const add = (picked: number[]): void => {
    const closed = close(choices, picked);
    const key = closed.join();
    if (picks.length >= limits.statesMax || seen.has(key)) return;
    seen.add(key);
    picks.push(closed);
  };
  for (const picked of suspicious(choices, random)) add(picked);
  for (let draw = 0; draw < limits.statesMax * 2 && picks.length < limits.statesMax; draw++) {
    add(drawn(choices, random));
  }
  return { picks, reachable, exhausted: false };
}

export interface PickLimits {
  /** Up to so many states all are tried. */
  readonly exhaustiveMax: number;
  /** Of more states so many are tried. */
  readonly statesMax: number;
}

export interface PickedStates {
  /** Closed; each different. */
  readonly picks: readonly (readonly number[])[];
  /** How many there are; if not `exhausted` a bound, since what needs what was not counted. */
  readonly reachable: number;
  readonly exhausted: boolean;
}

/** Every closed combination of outcomes. */
function* allPicks(choices: readonly Choice[], picked: number[] = []): Generator<readonly number[]> {
  const index = picked.length;
  const choice = choices[index];
  if (choice === undefined) {
    yield [...picked];
    return;
  }
  for (const outcome of choice.outcomes.keys()) {
    if (outcome !== PICK_LOST && !isPossible(choices, index, outcome, picked)) continue;
    picked.push(outcome);
    yield* allPicks(choices, picked);
    picked.pop();
  }
}

function* suspicious(choices: readonly Choice[], random: Random): Generator<number[]> {
  const count = choices.length;
  const all = (pick: number): number[] => choices.map(() => pick);
  const only = (index: number, pick: number, others: number): number[] => all(others).with(index, pick);
  yield all(PICK_KEPT);
  yield all(PICK_LOST);
  // The newest change is what this moment adds to the one before, so it comes first.
  for (let index = count - 1; index >= 0; index--) yield only(index, PICK_LOST, PICK_KEPT);
  for (let index = count - 1; index >= 0; index--) yield only(index, PICK_KEPT, PICK_LOST);
  for (let index = count - 1; index >= 0; index--) {
    const torn = (choices[index]?.outcomes.length ?? 2) - 2;
    if (torn > 0) yield only(index, 2 + random.below(torn), PICK_KEPT);
  }
  for (let from = count - 1; from > 0; from--) {
    yield choices.map((_, index) => (index < from ? PICK_KEPT : PICK_LOST));
    yield choices.map((_, index) => (index < from ? PICK_LOST : PICK_KEPT));
  }
}

/** Either nearly everything is kept, or nearly everything lost, or each by a coin; now and then a write is torn. */
function drawn(choices: readonly Choice[], random: Random): number[] {
  const keptOf16 = random.pick([2, 8, 14]);
  return choices.map(({ outcomes }) => {
    if (outcomes.length > 2 && random.below(4) === 0) return 2 + random.below(outcomes.length - 2);
    return random.below(16) < keptOf16 ? PICK_KEPT : PICK_LOST;
  });
}
