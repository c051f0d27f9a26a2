/**
 * What could legally be read for one key in one observation, from the writes of that key alone: for a person who
 * looks at a failure. Batches and scans may rule out more; the exact search knows, this list does not.
 */
import type { HistoryEvent } from '../history/event.js';
import { KeyWrites } from './key-writes.js';
import { livesOf } from './lives.js';
import { DEFAULT_PROMISE, type PowerPromise } from './promise.js';
import { readingOfFound } from './reading.js';
import { stretchesOf } from './stretch.js';
import { survivingWrites } from './surviving.js';

/**
 * The values that the observation at the start of `life` may show for `key`, null meaning nothing. Empty if the
 * life was not observed or if what came before it is not known. Throws a HistoryError on a malformed history.
 */
export function legalValues(
  history: readonly HistoryEvent[],
  life: number,
  key: string,
  promise: PowerPromise = DEFAULT_PROMISE,
): (string | null)[] {
  const stretch = stretchesOf(livesOf(history), promise).find(({ found }) => found?.life === life);
  if (stretch?.base === undefined || stretch.found === undefined) return [];
  const reading = readingOfFound({ life, state: new Map() });
  if (reading === undefined) return [];
  const writes = survivingWrites(stretch).get(key) ?? new KeyWrites(null, []);
  return writes.legalFor(reading);
}
