/**
 * Phantom: a value was read that nobody had written: no operation leaves it behind, or only one that failed (and
 * so promised to have no effect), or one that had not been invoked yet.
 */
import { byteText } from '../workload/operation.js';
import type { Evidence, IllegalValue } from './evidence.js';
import type { OperationRecord } from './lives.js';
import type { Violation } from './verdict.js';
import { readingText, recordText, valueText, valueViolation } from './wording.js';

/** One violation for each key that shows a value without a write. */
export function phantoms({ illegal }: Evidence): Violation[] {
  return illegal.flatMap((value) => {
    const phantom = phantomOf(value);
    if (phantom === undefined) return [];
    const message = `${readingText(value.reading)} found ${valueText(value.found)} for ${byteText(value.key)}, but ${phantom.reason}.`;
    return [valueViolation('phantom', value, message, [phantom.by])];
  });
}

function phantomOf({
  origin,
  reading,
}: IllegalValue): { readonly by: OperationRecord | undefined; readonly reason: string } | undefined {
  switch (origin.kind) {
    case 'never-written':
      return { by: undefined, reason: 'no operation leaves that value there' };
    case 'failed-write':
      return { by: origin.by, reason: `${recordText(origin.by)} had failed` };
    case 'written-later':
      // A snapshot that shows what came after it: snapshot-changed.ts.
      if (reading.by?.through !== undefined) return undefined;
      return { by: origin.by, reason: `${recordText(origin.by)} had not been invoked yet` };
    case 'earlier-life':
    case 'this-stretch':
      return undefined;
  }
}
