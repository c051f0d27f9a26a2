/**
 * The culprit of a failure, as the sentence that says which order of two steps is missing, and failures grouped by it.
 * The occurrence of a step (`#2`) and the operation of an acknowledgement tell two failures apart but not two bugs, so
 * groups leave them out.
 */
import type { CulpritRecord, FailureRecord } from '../harness/run/record.js';

/** Why one must come before the other: `first` must be durable before `then`. */
export interface MissingOrder {
  readonly first: string;
  readonly then: string;
}

/** The missing order: the sync that should have come, or the lost step itself if that is not known. */
export function missingOrder(culprit: CulpritRecord): MissingOrder {
  return { first: culprit.barrier ?? culprit.lost, then: culprit.kept };
}

/** True for a text that names a step, false for one in words such as `the acknowledgement of put "a"`. */
export function isStep(text: string): boolean {
  return !text.startsWith(ACKNOWLEDGEMENT);
}

export interface CulpritGroup {
  /** undefined: failures of which no culprit is known. */
  readonly order: MissingOrder | undefined;
  readonly failures: readonly FailureRecord[];
}

/** Failures that miss the same order, groups and failures in the order in which they come. */
export function groupByCulprit(failures: readonly FailureRecord[]): readonly CulpritGroup[] {
  const groups = new Map<
    string,
    { readonly order: MissingOrder | undefined; readonly failures: FailureRecord[] }
  >();
  for (const failure of failures) {
    const order = failure.culprit === undefined ? undefined : generalised(missingOrder(failure.culprit));
    const key = JSON.stringify(order ?? null);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { order, failures: [failure] });
    else group.failures.push(failure);
  }
  return [...groups.values()];
}

const ACKNOWLEDGEMENT = 'the acknowledgement of ';

function generalised(order: MissingOrder): MissingOrder {
  return { first: generalStep(order.first), then: generalStep(order.then) };
}

function generalStep(text: string): string {
  return isStep(text) ? text.replace(/#\d+$/, '') : `${ACKNOWLEDGEMENT}an operation`;
}
