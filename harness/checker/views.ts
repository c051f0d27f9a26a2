/**
 * What was read through a snapshot is what was there when it was taken, however much later it is read. So to the judge
 * such a read does not read at its own moment: it is one view of the operation that took the snapshot, and all views of
 * one snapshot show one state, at one instant between that operation's invocation and its answer.
 *
 * Which snapshot a read goes through follows from the order of the invocations alone, as in the driver: a number means
 * the last one taken under it and not released. With none, a read is as of now.
 */
import type { OperationRecord } from './lives.js';

/** The operations of a life, by invocation, with views and what they are seen through. */
export function withViews(operations: readonly OperationRecord[]): readonly OperationRecord[] {
  const held = new Map<number, OperationRecord>();
  const takenFor = new Map<OperationRecord, OperationRecord>();
  for (const record of operations) {
    const { operation } = record;
    if (!('snapshot' in operation) || operation.snapshot === undefined) continue;
    const taken = held.get(operation.snapshot);
    if (operation.kind === 'release') held.delete(operation.snapshot);
    else if (operation.kind === 'snapshot') held.set(operation.snapshot, record);
    else if (taken !== undefined && record.outcome === 'ok') takenFor.set(record, taken);
  }
  if (takenFor.size === 0) return operations;
  const viewsOf = new Map<OperationRecord, OperationRecord[]>();
  for (const [view, taken] of takenFor) viewsOf.set(taken, [...(viewsOf.get(taken) ?? []), view]);
  const linked = new Map<OperationRecord, OperationRecord>();
  for (const [taken, seen] of viewsOf) {
    // Nothing is read through a snapshot before it was taken.
    const end = Math.min(taken.end, ...seen.map((view) => view.end));
    const views = seen.map((view) => ({ ...view, through: { invoke: taken.invoke, end } }));
    linked.set(taken, { ...taken, outcome: 'ok', end, result: {}, views });
    for (const [index, view] of views.entries()) linked.set(seen[index] ?? view, view);
  }
  return operations.map((record) => linked.get(record) ?? record);
}
