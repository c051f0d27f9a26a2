/**
 * A reading is anything that was read at one instant: the answer of a get, the snapshot of a scan, the observation
 * after a recovery. It says for each key that it covers what was found there, absence included.
 */
import type { OperationRecord } from './lives.js';
import type { FoundState, KeyValues } from './stretch.js';

export interface Reading {
  /** The life in which it was read. */
  readonly life: number;
  /** The operation that read; undefined for an observation. */
  readonly by: OperationRecord | undefined;
  /** The instant lies between these places of the history; an observation comes after everything (Infinity). */
  readonly invoke: number;
  readonly end: number;
  readonly values: KeyValues;
  covers(key: string): boolean;
}

/** What an operation read, or undefined if it does not read or was not answered. */
export function readingOf(record: OperationRecord): Reading | undefined {
  const { operation, result } = record;
  if (result === undefined) return undefined;
  const about = { life: record.name.life, by: record, invoke: record.invoke, end: record.end };
  if (operation.kind === 'get' && 'value' in result) {
    const values = new Map(result.value === null ? [] : [[operation.key, result.value]]);
    return { ...about, values, covers: (key) => key === operation.key };
  }
  if (operation.kind === 'scan' && 'pairs' in result) {
    const { gte, lt, limit } = operation;
    // A scan that reached its limit says nothing about the keys behind its last pair.
    const last =
      limit === undefined || result.pairs.length < limit ? undefined : (result.pairs.at(-1)?.[0] ?? '');
    const covers = (key: string): boolean =>
      (gte === undefined || key >= gte) &&
      (lt === undefined || key < lt) &&
      (last === undefined || key <= last);
    return { ...about, values: new Map(result.pairs), covers };
  }
  return undefined;
}

/** The observation at the end of a stretch as a reading, or undefined if it says nothing. */
export function readingOfFound(found: FoundState | undefined): Reading | undefined {
  if (found?.state === undefined) return undefined;
  return {
    life: found.life,
    by: undefined,
    invoke: Infinity,
    end: Infinity,
    values: found.state,
    covers: () => true,
  };
}
