import { numberOf } from '../checker/files.js';
import type { Machine } from '../disk/machine.js';

/**
 * A quick look for file numbers that are given out twice, which a disk alone does not show: the file that had the
 * number first may be deleted by then. Numbers only grow, so what a recovery makes must lie above all that was made
 * since the machine was started, as long as the power did not fail in between.
 */
export function isNumberReused(dead: Machine, lowestMade: number): boolean {
  return dead.steps.some((step) => step.kind === 'create' && (numberOf(step.path) ?? 0) >= lowestMade);
}

/** The lowest number of a file that is there now and was not before; Infinity if there is none. */
export function lowestNumberMade(before: ReadonlySet<string>, now: readonly string[]): number {
  // A filter is made again under the number of its table.
  const made = now.filter((path) => !before.has(path) && !path.endsWith('.bloom'));
  return Math.min(...made.map((path) => numberOf(path) ?? Infinity));
}
