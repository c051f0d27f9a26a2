/**
 * Prepares the operations of one life for the search: leaves out what cannot matter and decides what must have
 * happened.
 *
 * - Failed operations, maintenance and unanswered reads have no effect on anybody.
 * - What was read through a snapshot was read by the operation that took it (views.ts).
 * - An unanswered write whose value was read by somebody must have taken effect; it becomes required, without an
 *   end in real time.
 * - An unanswered write of values that nobody read can be left out: take any legal order that holds it, drop it,
 *   and every answer stays the same, because between it and the next write of the key nobody looked. That is not
 *   so for a delete, whose trace is an absence; it stays in the search as optional.
 */
import { type OperationRecord, valueName } from './lives.js';
import { type Reading, readingInOrder } from './reading.js';
import { type KeyValues, effectsOf } from './stretch.js';

export interface SearchOperation {
  readonly record: OperationRecord;
  readonly invoke: number;
  /** Infinity if it is unanswered. */
  readonly end: number;
  readonly required: boolean;
  /** Empty for a reader. */
  readonly effects: ReadonlyMap<string, string | null>;
  /** What was read; undefined for a writer. */
  readonly reading: Reading | undefined;
  /** After a power loss (cut.ts): the cut itself, and what every legal order has before it. */
  readonly cut?: 'at' | 'before';
}

/** The operations that a legal order must or may hold, in the order of their invocation. */
export function searchOperations(
  operations: readonly OperationRecord[],
  found: KeyValues | undefined,
): readonly SearchOperation[] {
  const prepared = operations.flatMap((record) => {
    const effects = effectsOf(record);
    const reading = readingInOrder(record);
    const matters = record.outcome !== 'fail' && (effects.size > 0 || reading !== undefined);
    if (!matters) return [];
    return [
      { record, invoke: record.invoke, end: record.end, required: record.outcome === 'ok', effects, reading },
    ];
  });
  const seen = new Set<string>();
  for (const values of [found, ...prepared.map((operation) => operation.reading?.values)]) {
    for (const [key, value] of values ?? []) seen.add(valueName(key, value));
  }
  return prepared.flatMap((operation) => {
    if (operation.required) return [operation];
    const effects = [...operation.effects];
    if (effects.some(([key, value]) => value !== null && seen.has(valueName(key, value)))) {
      return [{ ...operation, required: true }];
    }
    return effects.some(([, value]) => value === null) ? [operation] : [];
  });
}
