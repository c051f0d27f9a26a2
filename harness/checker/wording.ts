/** The words of the violations: how operations, values and readings are named in a sentence. */
import { byteText, operationText } from '../workload/operation.js';
import type { IllegalValue } from './evidence.js';
import type { OperationRecord } from './lives.js';
import type { Reading } from './reading.js';
import type { Violation, ViolationKind } from './verdict.js';

/** `"0.3"`, or `nothing`. */
export function valueText(value: string | null): string {
  return value === null ? 'nothing' : byteText(value);
}

/** `put "a" = "0.3" (operation 3 of life 0)`. */
export function recordText(record: OperationRecord): string {
  return `${operationText(record.operation)} (operation ${record.name.index} of life ${record.name.life})`;
}

/** `get "a" (operation 4 of life 1)`, or `the observation at the start of life 1`. */
export function readingText(reading: Reading): string {
  return reading.by === undefined
    ? `the observation at the start of life ${reading.life}`
    : recordText(reading.by);
}

/** A violation about one value, with the operations that prove it; the reader, if it was one, comes last. */
export function valueViolation(
  kind: ViolationKind,
  { key, found, legal, reading }: IllegalValue,
  message: string,
  proof: readonly (OperationRecord | undefined)[],
): Violation {
  const operations = [...proof, reading.by].flatMap((record) => (record === undefined ? [] : [record.name]));
  return { kind, life: reading.life, message, key, legal, found, operations };
}
