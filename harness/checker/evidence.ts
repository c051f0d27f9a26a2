/**
 * The evidence of one stretch: everything that was read in it and could not legally be read, with where the value
 * came from. The named checks share it; each picks the cases that are its own, and together they name every one.
 */
import { type LifeRecord, type OperationRecord, valueName } from './lives.js';
import { type KeyWrite, KeyWrites, keyWritesOf, readingsWithin } from './key-writes.js';
import { type Reading, readingOfFound } from './reading.js';
import { type KeyValues, type Stretch, effectsOf, observedState } from './stretch.js';
import { survivingWrites } from './surviving.js';

/** What the named checks look at. */
export interface Evidence {
  readonly stretch: Stretch;
  /** The gets and scans of the stretch, then the observation at its end. */
  readonly readings: readonly Reading[];
  /** What was written, settled by real time whether or not it was lost at the end. */
  readonly keyWrites: ReadonlyMap<string, KeyWrites>;
  /** In the order of the readings; at most one for each key within the life, and one in the observation. */
  readonly illegal: readonly IllegalValue[];
}

export interface IllegalValue {
  readonly key: string;
  readonly found: string | null;
  readonly legal: readonly (string | null)[];
  readonly reading: Reading;
  readonly origin: Origin;
}

/** Where a value that should not have been read came from. */
export type Origin =
  | { readonly kind: 'never-written' }
  | { readonly kind: 'failed-write'; readonly by: OperationRecord }
  | { readonly kind: 'written-later'; readonly by: OperationRecord }
  /**
   * Written in an earlier life and not there any more when this stretch began. `overwrittenBy` is the newest
   * acknowledged write in between; `returned` is true if the first look after the writer's life did not show it.
   */
  | {
      readonly kind: 'earlier-life';
      readonly by: OperationRecord;
      readonly overwrittenBy: OperationRecord | undefined;
      readonly returned: boolean;
    }
  /**
   * The base of this stretch, a value that it wrote, or nothing. `supersededBy` are the writes that the reader
   * cannot have missed, newest last; `baseBy` wrote the base, if there was one.
   */
  | {
      readonly kind: 'this-stretch';
      readonly supersededBy: readonly KeyWrite[];
      readonly baseBy: OperationRecord | undefined;
    };

/** Everything that every put of the case wrote, by key and value. */
export type Writers = ReadonlyMap<string, OperationRecord>;

/** Collects the evidence of a stretch; undefined if its base is not known. */
export function evidenceOf(
  stretch: Stretch,
  lives: readonly LifeRecord[],
  writers: Writers,
): Evidence | undefined {
  if (stretch.base === undefined) return undefined;
  const within = readingsWithin(stretch);
  const found = readingOfFound(stretch.found);
  const keyWrites = keyWritesOf(stretch, within);
  const surviving = stretch.durable === undefined ? keyWrites : survivingWrites(stretch);
  const readings = found === undefined ? within : [...within, found];
  const keys = [...keyWrites.keys()].sort();
  const illegal: IllegalValue[] = [];
  const reported = new Set<string>();
  for (const reading of readings) {
    for (const key of keysToCheck(reading, keys)) {
      const value = reading.values.get(key) ?? null;
      const written = reading.by === undefined ? surviving : keyWrites;
      const writes = written.get(key) ?? new KeyWrites(null, []);
      if (writes.isLegal(value, reading)) continue;
      const name = `${reading.by === undefined ? 'observed' : 'read'} ${key}`;
      if (reported.has(name)) continue;
      reported.add(name);
      const origin = originOf(key, value, reading, writes, stretch, lives, writers);
      illegal.push({ key, found: value, legal: writes.legalFor(reading), reading, origin });
    }
  }
  return { stretch, readings, keyWrites, illegal };
}

/** The writer of each value of the case. */
export function writersOf(lives: readonly LifeRecord[]): Writers {
  const writers = new Map<string, OperationRecord>();
  for (const operation of lives.flatMap((life) => life.operations)) {
    for (const [key, value] of effectsOf(operation)) {
      if (value !== null) writers.set(valueName(key, value), operation);
    }
  }
  return writers;
}

/** The keys that the reading covers, of those known and those it shows. */
function keysToCheck(reading: Reading, known: readonly string[]): readonly string[] {
  const operation = reading.by?.operation;
  if (operation?.kind === 'get') return [operation.key];
  return [...new Set([...known.filter((key) => reading.covers(key)), ...reading.values.keys()])];
}

function originOf(
  key: string,
  found: string | null,
  reading: Reading,
  writes: KeyWrites,
  stretch: Stretch,
  lives: readonly LifeRecord[],
  writers: Writers,
): Origin {
  const writerOf = (value: string): OperationRecord | undefined => writers.get(valueName(key, value));
  const by = found === null ? undefined : writerOf(found);
  if (found !== null && found !== writes.base) {
    if (by === undefined) return { kind: 'never-written' };
    if (by.outcome === 'fail') return { kind: 'failed-write', by };
    if (by.name.life < stretch.life) return earlierLife(key, found, by, stretch, lives);
    if (writes.writerOf(found) === undefined || by.invoke >= reading.end)
      return { kind: 'written-later', by };
  }
  return {
    kind: 'this-stretch',
    supersededBy: writes.superseding(found, reading),
    baseBy: writes.base === null ? undefined : writerOf(writes.base),
  };
}

function earlierLife(
  key: string,
  found: string,
  by: OperationRecord,
  stretch: Stretch,
  lives: readonly LifeRecord[],
): Origin {
  const overwrittenBy = lives
    .filter(({ life }) => life >= by.name.life && life < stretch.life)
    .flatMap((life) => life.operations)
    .filter(({ name, invoke, outcome }) => outcome === 'ok' && (name.life > by.name.life || invoke > by.end))
    .filter((operation) => effectsOf(operation).has(key))
    .at(-1);
  const firstLook = firstStateAfter(by.name.life, lives);
  return {
    kind: 'earlier-life',
    by,
    overwrittenBy,
    returned: firstLook !== undefined && firstLook.get(key) !== found,
  };
}

function firstStateAfter(life: number, lives: readonly LifeRecord[]): KeyValues | undefined {
  for (const { life: later, observation } of lives) {
    if (later <= life || observation === undefined) continue;
    const state = observedState(observation);
    if (state !== undefined) return state;
  }
  return undefined;
}
