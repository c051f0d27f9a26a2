/**
 * Torn batch: one look shows a value that only this batch wrote, and for another of its keys what can only have
 * been there before the batch: the base of the stretch, or a write that was settled before the batch was invoked.
 * Works on anything read at one instant: a scan within a life, and the observation after a recovery.
 */
import { byteText } from '../workload/operation.js';
import type { Evidence } from './evidence.js';
import type { OperationRecord } from './lives.js';
import type { Reading } from './reading.js';
import { effectsOf } from './stretch.js';
import type { Violation } from './verdict.js';
import { readingText, recordText, valueText } from './wording.js';

/** One violation for each torn batch and life, for the first key that misses it. */
export function tornBatches(evidence: Evidence): Violation[] {
  const torn = new Map<string, Violation>();
  for (const reading of evidence.readings) {
    for (const [batch, shownKey] of batchesIn(reading, evidence)) {
      const violation = tornAt(batch, shownKey, reading, evidence);
      const name = `${batch.name.index} ${reading.by === undefined}`;
      if (violation !== undefined && !torn.has(name)) torn.set(name, violation);
    }
  }
  return [...torn.values()];
}

/** The batches of the stretch that a reading shows, each with the first key that shows it. */
function batchesIn(reading: Reading, { keyWrites }: Evidence): ReadonlyMap<OperationRecord, string> {
  const batches = new Map<OperationRecord, string>();
  for (const [key, value] of reading.values) {
    const write = keyWrites.get(key)?.writerOf(value);
    if (write === undefined || write.by.operation.kind !== 'batch' || write.invoke >= reading.end) continue;
    if (!batches.has(write.by)) batches.set(write.by, key);
  }
  return batches;
}

function tornAt(
  batch: OperationRecord,
  shownKey: string,
  reading: Reading,
  { keyWrites }: Evidence,
): Violation | undefined {
  for (const [key, written] of effectsOf(batch)) {
    const writes = keyWrites.get(key);
    const found = reading.values.get(key) ?? null;
    if (writes === undefined || !reading.covers(key) || writes.mayFollow(batch, found)) continue;
    // A value from elsewhere is a phantom or worse; it does not show that the batch is torn.
    if (found !== null && found !== writes.base && writes.writerOf(found) === undefined) continue;
    const message = `${recordText(batch)} is torn: ${readingText(reading)} shows it for ${byteText(shownKey)}, but for ${byteText(key)} found ${valueText(found)} instead of ${valueText(written)}.`;
    const operations = reading.by === undefined ? [batch.name] : [batch.name, reading.by.name];
    return {
      kind: 'torn-batch',
      life: reading.life,
      message,
      key,
      legal: writes.following(batch),
      found,
      operations,
    };
  }
  return undefined;
}
