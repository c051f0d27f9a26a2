/**
 * Two owners: while the engine had its directory open, somebody else could open it too. Both would append to the same
 * WALs and delete each other's files, so whatever came of it this once, the lock did not hold.
 */
import type { HistoryEvent } from '../history/event.js';
import type { Violation } from './verdict.js';

/** One violation for each second engine that got in. */
export function twoOwners(history: readonly HistoryEvent[]): Violation[] {
  return history.flatMap((event): Violation[] => {
    if (event.kind !== 'ok' || !('locked' in event.result) || event.result.locked === true) return [];
    const { life, index } = event;
    const message = `A second engine opened the directory while life ${life} had it open (operation ${index}); expected ENGINE_LOCKED.`;
    return [{ kind: 'two-owners', life, message, operations: [{ life, index }] }];
  });
}
