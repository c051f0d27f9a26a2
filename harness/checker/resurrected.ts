/**
 * Resurrected: a value is back that an acknowledged write had removed. Either the newest such write was a delete
 * (an older value instead of a newer one is a lost write, lost-write.ts), or the value had already gone in an
 * earlier life, whatever removed it.
 */
import { byteText } from '../workload/operation.js';
import type { Evidence, IllegalValue } from './evidence.js';
import type { OperationRecord } from './lives.js';
import { newestAcknowledged } from './lost-write.js';
import type { Violation } from './verdict.js';
import { readingText, recordText, valueText, valueViolation } from './wording.js';

/** One violation for each key that shows a value which had been removed. */
export function resurrectedWrites({ illegal }: Evidence): Violation[] {
  return illegal.flatMap((value) => {
    const removal = removalOf(value);
    if (removal === undefined) return [];
    const message = `${recordText(removal)} was acknowledged and removed ${valueText(value.found)} from ${byteText(value.key)}, but ${readingText(value.reading)} found it again.`;
    const origin = value.origin.kind === 'earlier-life' ? value.origin.by : undefined;
    return [valueViolation('resurrected', value, message, [origin, removal])];
  });
}

function removalOf({ found, reading, origin }: IllegalValue): OperationRecord | undefined {
  if (origin.kind === 'earlier-life') {
    const fixedAsAbsent = origin.by.outcome === 'info' && origin.returned;
    return fixedAsAbsent ? undefined : origin.overwrittenBy;
  }
  if (origin.kind !== 'this-stretch' || reading.by !== undefined || found === null) return undefined;
  const newest = newestAcknowledged(origin.supersededBy);
  return newest?.value === null ? newest.by : undefined;
}
