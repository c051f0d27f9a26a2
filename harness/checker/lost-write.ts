/**
 * Lost: an observation misses a write that was acknowledged, or that had been seen by an earlier observation of
 * an acknowledged write; the key is empty or an older value shows. If what hid the older value was a delete, it
 * is not the write that is lost but the value that came back: see resurrected.ts.
 */
import { byteText } from '../workload/operation.js';
import type { Evidence, IllegalValue } from './evidence.js';
import type { KeyWrite } from './key-writes.js';
import type { OperationRecord } from './lives.js';
import type { Stretch } from './stretch.js';
import type { Violation } from './verdict.js';
import { readingText, recordText, valueText, valueViolation } from './wording.js';

/** One violation for each key whose newest acknowledged write is missing from the observation. */
export function lostWrites({ illegal, stretch }: Evidence): Violation[] {
  return illegal.flatMap((value) => {
    const lost = lostWriteOf(value);
    if (lost === undefined) return [];
    const forced = forcedBy(lost, stretch);
    const durable = forced === undefined ? '' : ` and then made durable by ${recordText(forced)}`;
    const message = `${recordText(lost)} was acknowledged${durable}, but ${readingText(value.reading)} found ${valueText(value.found)} for ${byteText(value.key)}.`;
    return [valueViolation('lost', value, message, [lost, forced])];
  });
}

/** Before a power loss: the first durable operation after a write that was not durable by itself. */
function forcedBy(lost: OperationRecord, { durable, operations }: Stretch): OperationRecord | undefined {
  if (durable === undefined || durable.has(lost)) return undefined;
  return operations.find(
    (record) => durable.has(record) && record.name.life === lost.name.life && record.invoke > lost.end,
  );
}

/** The newest acknowledged write that hid the value; undefined if there is none. */
export function newestAcknowledged(supersededBy: readonly KeyWrite[]): KeyWrite | undefined {
  return supersededBy.filter((write) => write.by.outcome === 'ok').at(-1);
}

function lostWriteOf({ found, reading, origin }: IllegalValue): OperationRecord | undefined {
  if (origin.kind !== 'this-stretch' || reading.by !== undefined) return undefined;
  if (origin.supersededBy.length === 0) {
    return origin.baseBy?.outcome === 'ok' ? origin.baseBy : undefined;
  }
  const newest = newestAcknowledged(origin.supersededBy);
  return newest === undefined || (newest.value === null && found !== null) ? undefined : newest.by;
}
