/**
 * The ways to read must agree: in an observation the gets and the scan, and every scan must be in strict byte
 * order, within its bounds and its limit. A read that fails is a violation too: nothing was damaged on purpose.
 */
import type { HistoryEvent } from '../history/event.js';
import { byteText, isWithin } from '../workload/operation.js';
import type { OperationRecord } from './lives.js';
import { ascending } from './stretch.js';
import type { Violation } from './verdict.js';
import { recordText, valueText } from './wording.js';

type Observe = Extract<HistoryEvent, { readonly kind: 'observe' }>;

/** What is wrong with the observations themselves, whatever was written before. */
export function readPathsInObservations(history: readonly HistoryEvent[]): Violation[] {
  return history.flatMap((event) => (event.kind === 'observe' ? observationViolations(event) : []));
}

/** Scans within a life whose pairs no correct scan gives, whatever was written before. */
export function malformedScans(operations: readonly OperationRecord[]): Violation[] {
  return operations.flatMap((record) => {
    const reason = scanFault(record);
    if (reason === undefined) return [];
    const message = `${recordText(record)} gave ${reason}.`;
    return [{ kind: 'read-paths-disagree', life: record.name.life, message, operations: [record.name] }];
  });
}

function observationViolations({ life, gets, scan, errors }: Observe): Violation[] {
  const violations: Violation[] = [];
  const where = `the observation at the start of life ${life}`;
  if (errors.length > 0) {
    const message = `Reads failed in ${where}: ${errors.join('; ')}.`;
    violations.push({ kind: 'read-failed', life, message, operations: [] });
  }
  if (!ascending(scan.map(([key]) => key))) {
    const message = `The scan in ${where} is not in strict byte order: ${disorder(scan.map(([key]) => key))}.`;
    violations.push({ kind: 'read-paths-disagree', life, message, operations: [] });
  }
  const scanned = new Map(scan);
  for (const [key, value] of gets) {
    const other = scanned.get(key) ?? null;
    if (other === value) continue;
    const message = `In ${where} a get of ${byteText(key)} found ${valueText(value)}, but the scan found ${valueText(other)}.`;
    violations.push({ kind: 'read-paths-disagree', life, message, key, found: value, operations: [] });
  }
  return violations;
}

function scanFault({ operation, result }: OperationRecord): string | undefined {
  if (operation.kind !== 'scan' || result === undefined || !('pairs' in result)) return undefined;
  const { limit, reverse = false } = operation;
  const keys = result.pairs.map(([key]) => key);
  const upwards = reverse ? keys.toReversed() : keys;
  if (!ascending(upwards)) return `keys out of strict byte order: ${disorder(upwards)}`;
  const outside = keys.find((key) => !isWithin(operation, key));
  if (outside !== undefined) return `the key ${byteText(outside)}, which is out of its bounds`;
  return limit !== undefined && keys.length > limit ? `${keys.length} pairs, more than its limit` : undefined;
}

function disorder(keys: readonly string[]): string {
  const at = keys.findIndex((key, index) => index > 0 && (keys[index - 1] ?? '') >= key);
  return `${byteText(keys[at - 1] ?? '')} before ${byteText(keys[at] ?? '')}`;
}
