/**
 * Stale read: while the engine ran, a get or a scan missed a write that it could not miss: one that had been
 * acknowledged, or seen by somebody else, before the read was invoked; or it missed what was there at the start.
 */
import { byteText } from '../workload/operation.js';
import type { Evidence, IllegalValue } from './evidence.js';
import type { OperationRecord } from './lives.js';
import type { Violation } from './verdict.js';
import { readingText, recordText, valueText, valueViolation } from './wording.js';

/** One violation for each key: the first stale read of it in the life. */
export function staleReads({ illegal }: Evidence): Violation[] {
  return illegal.flatMap((value) => {
    const { by } = value.reading;
    if (value.origin.kind !== 'this-stretch' || by === undefined || by.through !== undefined) return [];
    const missed = value.origin.supersededBy.at(-1)?.by ?? value.origin.baseBy;
    const message = `${readingText(value.reading)} found ${valueText(value.found)} for ${byteText(value.key)}, but ${reasonOf(value, missed)}.`;
    return [valueViolation('stale-read', value, message, [missed])];
  });
}

function reasonOf({ legal }: IllegalValue, missed: OperationRecord | undefined): string {
  if (missed === undefined) return `only ${legal.map(valueText).join(' or ')} could be there`;
  return `${recordText(missed)} had taken effect before`;
}
