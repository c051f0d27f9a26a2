import { isWrite, type Outcome, type Pending } from './model.js';
import { grows } from './models/pages.js';
import { headInZeroedPage } from './remnants.js';

/**
 * What may become of each pending change, and which combinations are possible: a pick is one outcome a change, and it is
 * closed if nothing is kept that cannot be there without something that is lost.
 */

/** One pending change and what may become of it. */
export interface Choice {
  readonly pending: Pending;
  /** Indexes of the choices that must be kept whole if this one is not lost; all smaller than its own. */
  readonly needs: readonly number[];
  /** Indexes of the choices that must not be lost if this one is not; all smaller than its own. */
  readonly reaches: readonly number[];
  /** What may be seen in a page that a truncation zeroed, if that is all that is left of the truncation. */
  readonly zeroed?: {
    /** Index of the choice of the truncation. */
    readonly by: number;
    /** Index of the outcome, which is possible in no other way. */
    readonly pick: number;
  };
  /** First 'kept', then 'lost' ('linked' where it cannot be lost any more), then what else is possible. */
  readonly outcomes: readonly Outcome[];
}

/** With what may be seen of this write in a page that a truncation zeroed; `earlier` are the changes of the choices before. */
export function withZeroedPage(choice: Choice, earlier: readonly Pending[]): Choice {
  const { pending, outcomes } = choice;
  const seen = isWrite(pending) ? headInZeroedPage(pending, earlier) : undefined;
  if (seen === undefined) return choice;
  const zeroed = { by: earlier.indexOf(seen.truncation), pick: outcomes.length };
  return { ...choice, zeroed, outcomes: [...outcomes, seen.head] };
}

/** Indexes into `outcomes`. */
export const PICK_KEPT = 0;
export const PICK_LOST = 1;

/** Loses whatever cannot be there without what is lost; changes `picked` and returns it. */
export function close(choices: readonly Choice[], picked: number[]): number[] {
  for (const [index, choice] of choices.entries()) {
    if (choice.pending.forced === true) picked[index] = PICK_KEPT;
    else if (picked[index] !== PICK_LOST && !isPossible(choices, index, picked[index], picked))
      picked[index] = PICK_LOST;
  }
  return picked;
}

/**
 * Whether a choice can have this outcome, other than being lost. A size that arrived without its data needs the sizes
 * before it, and not the data; a page that a truncation zeroed needs nothing, nor does what was written to it since.
 */
export function isPossible(
  choices: readonly Choice[],
  index: number,
  pick: number | undefined,
  picked: readonly number[],
): boolean {
  const choice = choices[index];
  if (choice === undefined) return false;
  const { pending, needs, reaches, zeroed, outcomes } = choice;
  const outcome = outcomes[pick ?? PICK_KEPT];
  const noData = outcome?.kind === 'remnant' && outcome.part === 'none';
  if (noData && !isWrite(pending)) return true;
  if (zeroed !== undefined && zeroed.pick === pick) return (picked[zeroed.by] ?? PICK_KEPT) > PICK_LOST;
  return (
    reaches.every((reached) => picked[reached] !== PICK_LOST) &&
    needs.every((need) => picked[need] === PICK_KEPT || (noData && isSized(choices[need], picked[need])))
  );
}

/** Whether what there is of a change is enough for a later size. */
function isSized(choice: Choice | undefined, pick: number | undefined): boolean {
  return choice !== undefined && isWrite(choice.pending) && (pick !== PICK_LOST || !grows(choice.pending));
}
