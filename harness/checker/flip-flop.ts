/**
 * Flip-flop: a write without an acknowledgement may have happened or not, but the first look settles it. Here it
 * was seen absent and is there later, or was seen present and is gone later without anything having replaced it.
 */
import { byteText } from '../workload/operation.js';
import type { Evidence, IllegalValue } from './evidence.js';
import type { OperationRecord } from './lives.js';
import { newestAcknowledged } from './lost-write.js';
import type { Violation } from './verdict.js';
import { readingText, recordText, valueText, valueViolation } from './wording.js';

/** One violation for each key on which an unacknowledged write changed its mind. */
export function flipFlops({ illegal, stretch }: Evidence): Violation[] {
  return illegal.flatMap((value) => appeared(value, stretch.life) ?? vanished(value) ?? []);
}

function appeared(value: IllegalValue, life: number): Violation | undefined {
  const { origin } = value;
  if (origin.kind !== 'earlier-life') return undefined;
  if (origin.overwrittenBy !== undefined && !(origin.by.outcome === 'info' && origin.returned))
    return undefined;
  const message = `${recordText(origin.by)} was not there when life ${life} began, but ${readingText(value.reading)} found its value ${valueText(value.found)}.`;
  return valueViolation('flip-flop', value, message, [origin.by]);
}

function vanished(value: IllegalValue): Violation | undefined {
  const gone = goneWriteOf(value);
  if (gone === 'none') return undefined;
  const what = gone === undefined ? `A value of ${byteText(value.key)}` : recordText(gone);
  const message = `${what} had been seen, but ${readingText(value.reading)} found ${valueText(value.found)} instead.`;
  return valueViolation('flip-flop', value, message, [gone]);
}

/** The write that was seen and is gone, undefined if nobody wrote it, or 'none' if this is not such a case. */
function goneWriteOf({ reading, origin }: IllegalValue): OperationRecord | undefined | 'none' {
  if (origin.kind !== 'this-stretch' || reading.by !== undefined) return 'none';
  const newest = origin.supersededBy.at(-1);
  if (newest !== undefined) return newestAcknowledged(origin.supersededBy) === undefined ? newest.by : 'none';
  return origin.baseBy?.outcome === 'ok' ? 'none' : origin.baseBy;
}
