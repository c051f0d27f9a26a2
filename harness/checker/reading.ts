/**
 * A reading is anything that was read at one instant: the answer of a get, the pairs of a scan, the observation after a
 * recovery. It says for each key that it covers what was found there, absence included. The instant of a read through a
 * snapshot is the one at which the snapshot was taken (views.ts).
 */
import { isWithin, type Operation, type Result } from '../workload/operation.js';
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
  const read = result === undefined ? undefined : contentOf(operation, result);
  if (read === undefined) return undefined;
  const { invoke, end } = record.through ?? record;
  return { life: record.name.life, by: record, invoke, end, ...read };
}

/**
 * What an operation read as one instant in the order of all operations: of one that took a snapshot everything that was
 * read through it, of a read through a snapshot nothing.
 */
export function readingInOrder(record: OperationRecord): Reading | undefined {
  if (record.through !== undefined) return undefined;
  if (record.views === undefined) return readingOf(record);
  const views = record.views.flatMap((view) => readingOf(view) ?? []);
  return {
    life: record.name.life,
    by: record,
    invoke: record.invoke,
    end: record.end,
    values: new Map(views.flatMap(({ values }) => [...values])),
    covers: (key) => views.some((view) => view.covers(key)),
  };
}

/** A key that two reads through one snapshot, the later one last, show differently; undefined if there is none. */
export function disagreement({
  views = [],
}: OperationRecord): { readonly key: string; readonly readings: readonly [Reading, Reading] } | undefined {
  const readings = views.flatMap((view) => readingOf(view) ?? []);
  const keys = new Set(readings.flatMap(({ values }) => [...values.keys()]));
  for (const key of keys) {
    const covering = readings.filter((reading) => reading.covers(key));
    const [first] = covering;
    const other = covering.find((reading) => reading.values.get(key) !== first?.values.get(key));
    if (first !== undefined && other !== undefined) return { key, readings: [first, other] };
  }
  return undefined;
}

function contentOf(operation: Operation, result: Result): Pick<Reading, 'values' | 'covers'> | undefined {
  if (operation.kind === 'get' && 'value' in result) {
    const values = new Map(result.value === null ? [] : [[operation.key, result.value]]);
    return { values, covers: (key) => key === operation.key };
  }
  if (operation.kind === 'get-many' && 'values' in result) {
    const pairs = operation.keys.flatMap((key, index) => {
      const value = result.values[index] ?? null;
      return value === null ? [] : [[key, value] as const];
    });
    return { values: new Map(pairs), covers: (key) => operation.keys.includes(key) };
  }
  if (operation.kind === 'scan' && 'pairs' in result) {
    const { limit, reverse = false } = operation;
    // A scan that reached its limit says nothing about the keys behind its last pair.
    const last =
      limit === undefined || result.pairs.length < limit ? undefined : (result.pairs.at(-1)?.[0] ?? NO_KEY);
    const isReached = (key: string): boolean => last === undefined || (reverse ? key >= last : key <= last);
    const covers = (key: string): boolean => last !== NO_KEY && isWithin(operation, key) && isReached(key);
    return { values: new Map(result.pairs), covers };
  }
  return undefined;
}

/** The last key of a scan that was asked for none. */
const NO_KEY = '';

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
