/**
 * Snapshot changed: a read through a snapshot found what was not there when the snapshot was taken: a write that came
 * later, or an older value in place of one that it must have seen; or two reads through one snapshot found two things.
 * All views of a snapshot belong to one instant within the operation that took it (views.ts), so none of this is legal,
 * whatever flush and compaction did in between.
 */
import { byteText } from '../workload/operation.js';
import type { Evidence, IllegalValue } from './evidence.js';
import type { OperationRecord } from './lives.js';
import { disagreement } from './reading.js';
import type { Violation } from './verdict.js';
import { readingText, recordText, valueText, valueViolation } from './wording.js';

/** One violation for each key that a snapshot shows wrongly, and one for each snapshot that shows a key in two ways. */
export function changedSnapshots({ illegal, stretch }: Evidence): Violation[] {
  return [
    ...illegal.flatMap((value) => {
      const reason = reasonOf(value);
      if (reason === undefined) return [];
      const message = `${readingText(value.reading)} found ${valueText(value.found)} for ${byteText(value.key)}, but when the snapshot was taken ${reason.text}.`;
      return [valueViolation('snapshot-changed', value, message, [reason.by])];
    }),
    ...stretch.operations.flatMap(disagreementOf),
  ];
}

function reasonOf({
  origin,
  reading,
  legal,
}: IllegalValue): { readonly text: string; readonly by: OperationRecord | undefined } | undefined {
  if (reading.by?.through === undefined) return undefined;
  if (origin.kind === 'written-later')
    return { by: origin.by, text: `${recordText(origin.by)} had not been invoked yet` };
  if (origin.kind !== 'this-stretch') return undefined;
  const by = origin.supersededBy.at(-1)?.by ?? origin.baseBy;
  if (by === undefined) return { by, text: `only ${legal.map(valueText).join(' or ')} could be there` };
  return { by, text: `${recordText(by)} had taken effect` };
}

function disagreementOf(taken: OperationRecord): Violation[] {
  const found = disagreement(taken);
  if (found === undefined) return [];
  const { key, readings } = found;
  const [first, second] = readings.map(
    (reading) => `${readingText(reading)} found ${valueText(reading.values.get(key) ?? null)}`,
  );
  const message = `Two reads through one snapshot differ for ${byteText(key)}: ${first ?? ''}, and ${second ?? ''}.`;
  const operations = [taken, ...readings.flatMap(({ by }) => by ?? [])].map(({ name }) => name);
  return [{ kind: 'snapshot-changed', life: taken.name.life, message, key, operations }];
}
