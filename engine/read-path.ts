import type { KeyRange } from './arguments.js';
import type { Catalog } from './catalog/catalog.js';
import type { Entry, EntryIterator } from './entry.js';
import { diskFailure, EngineError } from './errors.js';
import { concatenateEntries } from './iterator/concatenate.js';
import { mergeEntries } from './iterator/merge.js';
import { visibleEntries } from './iterator/visible.js';
import { tableFor, tablesInRange } from './manifest/runs.js';
import type { NegativeCache } from './negative-cache.js';
import type { TableMeta } from './table/meta.js';
import type { TableStore } from './table-store.js';

/**
 * Reads from one pinned catalog: memtables from new to old, then the sorted runs from new to old, of each at most one
 * table. The first version found is the newest visible one, because whatever lies further down was
 * written earlier.
 */
export function findNewest(
  catalog: Catalog,
  tables: TableStore,
  key: Uint8Array,
  sequence: number,
): Entry | undefined {
  const inMemory = catalog.active.memtable.find(key, sequence) ?? findFlushing(catalog, key, sequence);
  if (inMemory !== undefined) return inMemory;
  for (const run of catalog.runs) {
    const meta = tableFor(run, key);
    if (meta === undefined) continue;
    const entry = tables.get(meta.number).get(key, sequence);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/**
 * The same at the newest state, `sequence`, which no snapshot may be read at: what is not there is remembered, in this
 * one step, and what is remembered as absent is not looked for.
 */
export function findCurrent(
  catalog: Catalog,
  tables: TableStore,
  absent: NegativeCache,
  key: Uint8Array,
  sequence: number,
): Entry | undefined {
  if (absent.knows(key)) return undefined;
  const entry = findNewest(catalog, tables, key, sequence);
  if (entry?.kind !== 'value') absent.remember(key);
  return entry;
}

/** A range of keys and the direction in which it is read. */
export interface ReadRange extends KeyRange {
  readonly reverse: boolean;
}

/**
 * Everything visible at `sequence` in a range, values only, in key order or, `reverse`, the other way round. A
 * run is one source of the merge, and its tables are opened as they are reached.
 */
export function visibleRange(
  catalog: Catalog,
  tables: TableStore,
  sequence: number,
  { from, before, reverse }: ReadRange,
): EntryIterator {
  const direction = reverse ? 'reverse' : 'forward';
  const read = reverse ? 'reversed' : 'entries';
  const open = (meta: TableMeta) => tables.get(meta.number)[read](from, before, 'scan/sst.read');
  const memtables = [catalog.active, ...catalog.flushing].map(({ memtable }) => memtable[read](from, before));
  const runs = catalog.runs.map((run) => {
    const inRange = tablesInRange(run, { from, before });
    return concatenateEntries(reverse ? inRange.toReversed() : inRange, open);
  });
  return visibleEntries(mergeEntries([...memtables, ...runs], direction), sequence, direction);
}

/**
 * Runs a read and passes an error of the platform on as ENGINE_IO. A failed read says nothing about what was
 * written, so the engine goes on.
 */
export function reading<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw diskFailure('to read a table', error);
  }
}

function findFlushing(catalog: Catalog, key: Uint8Array, sequence: number): Entry | undefined {
  for (let index = catalog.flushing.length - 1; index >= 0; index--) {
    const entry = catalog.flushing[index]?.memtable.find(key, sequence);
    if (entry !== undefined) return entry;
  }
  return undefined;
}
