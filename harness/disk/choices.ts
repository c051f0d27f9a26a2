import type { Outcome, Pending } from './model.js';

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
  /** First 'kept', then 'lost', then what else is possible. */
  readonly outcomes: readonly Outcome[];
}

/** Indexes into `outcomes`. */
export const PICK_KEPT = 0;
export const PICK_LOST = 1;

/** Loses whatever cannot be there without what is lost; changes `picked` and returns it. */
export function close(choices: readonly Choice[], picked: number[]): number[] {
  for (const [index, choice] of choices.entries()) {
    if (choice.pending.forced === true) picked[index] = PICK_KEPT;
    else if (picked[index] !== PICK_LOST && !isPossible(choice, picked[index], picked))
      picked[index] = PICK_LOST;
  }
  return picked;
}

/** Whether a choice can have this outcome. A size that arrived without its data needs the sizes before it, not their data. */
export function isPossible(
  { needs, reaches, outcomes }: Choice,
  pick: number | undefined,
  picked: readonly number[],
): boolean {
  const outcome = outcomes[pick ?? PICK_KEPT];
  const sizeOnly = outcome?.kind === 'remnant' && outcome.part === 'none';
  return (
    reaches.every((reached) => picked[reached] !== PICK_LOST) &&
    needs.every((need) => picked[need] === PICK_KEPT || (sizeOnly && picked[need] !== PICK_LOST))
  );
}
