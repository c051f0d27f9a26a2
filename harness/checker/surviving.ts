/**
 * What the observation at the end of a stretch has to show, key by key. After a kill that is everything that was
 * answered. After a power loss it is what stands before the cut in every legal order: the durable operations and
 * whatever had certainly taken effect before one of them was invoked (durable.ts); every other answered write
 * counts as an unanswered one.
 */
import { durableUntil, happenedAt } from './durable.js';
import { type KeyWrites, keyWritesOf, readingsWithin } from './key-writes.js';
import type { OperationRecord } from './lives.js';
import type { Stretch } from './stretch.js';

/**
 * The writes of a stretch by key, settled only where they must have survived. `until` is a place in the history,
 * at least `durableUntil`, before which everything that had taken effect is known to be before the cut.
 */
export function survivingWrites(
  stretch: Stretch,
  until = durableUntil(stretch.durable ?? new Set()),
): ReadonlyMap<string, KeyWrites> {
  const { durable, operations } = stretch;
  const readings = readingsWithin(stretch);
  if (durable === undefined) return keyWritesOf(stretch, readings);
  const left = operations.map((record) => {
    if (record.outcome === 'info' && durable.has(record))
      return { ...record, end: happenedAt(record, readings) };
    const { end } = record.through ?? record;
    return record.outcome !== 'ok' || durable.has(record) || end < until ? record : unanswered(record);
  });
  // Answers of reads that came later went with their results.
  const remaining = { ...stretch, operations: left };
  return keyWritesOf(remaining, readingsWithin(remaining));
}

function unanswered({ name, operation, invoke }: OperationRecord): OperationRecord {
  return { name, operation, invoke, end: Infinity, outcome: 'info' };
}
