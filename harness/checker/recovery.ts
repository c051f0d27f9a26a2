/**
 * Recovery must be idempotent: when it is interrupted and run again, or simply run again, the database that it
 * gives is the same one. What counts is what a client can read; the files may differ, because a recovery may
 * write new ones.
 */
import type { Observation } from '../history/event.js';
import { byteText } from '../workload/operation.js';
import { valueText } from './wording.js';

/** How two observations of what should be the same state differ, in one sentence; undefined if they agree. */
export function sameRecovery(first: Observation, second: Observation): string | undefined {
  return (
    errorsDifference(first.errors, second.errors) ??
    valuesDifference('a get', new Map(first.gets), new Map(second.gets)) ??
    valuesDifference('the scan', new Map(first.scan), new Map(second.scan)) ??
    orderDifference(first.scan, second.scan)
  );
}

function errorsDifference(first: readonly string[], second: readonly string[]): string | undefined {
  if (JSON.stringify(first) === JSON.stringify(second)) return undefined;
  return `Reads failed differently: the first time ${listText(first)}, the second time ${listText(second)}.`;
}

type Values = ReadonlyMap<string, string | null>;

function valuesDifference(how: string, first: Values, second: Values): string | undefined {
  for (const key of new Set([...first.keys(), ...second.keys()])) {
    const before = first.get(key) ?? null;
    const after = second.get(key) ?? null;
    if (before === after) continue;
    return `For ${byteText(key)} ${how} found ${valueText(before)} the first time and ${valueText(after)} the second time.`;
  }
  return undefined;
}

function orderDifference(first: Observation['scan'], second: Observation['scan']): string | undefined {
  return JSON.stringify(first) === JSON.stringify(second)
    ? undefined
    : 'The scan gave the same pairs in another order or number the second time.';
}

function listText(errors: readonly string[]): string {
  return errors.length === 0 ? 'none' : errors.map((error) => byteText(error)).join(', ');
}
