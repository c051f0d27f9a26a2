/**
 * What a power loss must leave, in the manner of buffered durable linearizability (Izraelevitz, Mendes & Scott,
 * "Linearizability of persistent memory objects under a full-system-crash failure model", 2016), with a level for
 * each operation: there is a legal order of the life's operations and a cut of it such that what is found
 * afterwards is the state at the cut, and every durable operation stands before the cut.
 *
 * What stands before a durable operation in every order is durable with it. Here that is decided by real time
 * alone: whatever had taken effect before the last durable operation was invoked.
 *
 * Nobody may be shown a write that its level would still let a power loss take away, so a durable write that was read
 * counts as answered when the read was.
 */
import { writesOf } from '../workload/operation.js';
import type { OperationRecord } from './lives.js';
import type { PowerPromise } from './promise.js';
import { type Reading, readingOf } from './reading.js';

/**
 * The operations that are durable by themselves: writes at their level, once they were answered or read, and answered
 * syncs, flushes and compactions.
 */
export function durableOperations(
  operations: readonly OperationRecord[],
  promise: PowerPromise,
): ReadonlySet<OperationRecord> {
  const readings = operations.flatMap((record) => readingOf(record) ?? []);
  return new Set(
    operations.filter((record) => isDurable(record, promise) && happenedAt(record, readings) !== Infinity),
  );
}

/** The place in the history at which it has certainly happened: its answer, or the first one that shows a value of it. */
export function happenedAt(
  { operation, outcome, end }: OperationRecord,
  readings: readonly Reading[],
): number {
  if (outcome !== 'info') return outcome === 'ok' ? end : Infinity;
  const written = writesOf(operation).flatMap((write) => (write.kind === 'put' ? [write] : []));
  if (written.length === 0) return Infinity;
  const showing = readings.filter(({ values }) =>
    written.some(({ key, value }) => values.get(key) === value),
  );
  return Math.min(...showing.map((reading) => reading.end));
}

/** The place in the history before which everything that had taken effect is durable; -1 if nothing is. */
export function durableUntil(durable: ReadonlySet<OperationRecord>): number {
  return [...durable].reduce((latest, { invoke }) => Math.max(latest, invoke), -1);
}

function isDurable({ operation }: OperationRecord, promise: PowerPromise): boolean {
  switch (operation.kind) {
    case 'put':
    case 'delete':
    case 'batch':
      return operation.sync ?? promise.power === 'acked';
    case 'sync':
    case 'flush':
    case 'compact':
      return true;
    case 'get':
    case 'get-many':
    case 'scan':
    case 'snapshot':
    case 'release':
    case 'open-again':
      return false;
  }
}
