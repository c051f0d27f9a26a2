import { join } from 'node:path';
import { absentKey, drawn, presentKey } from './dataset.js';
import { getOneByOne } from './read-rows.js';
import { SHORT_SCAN_PAIRS } from './rows.js';
import type { StoreModule } from './store.js';
import { load, startTimer, perSecond, withStore } from './write-rows.js';

/**
 * The eight operations that the page of the Go engine `lsmtree` lists, beside its published figures. Those were
 * measured on a laptop of 2020 (M1), in another language, with keys and values that the page does not tell: a
 * reference and not a race. Four of the eight are rows of the table already and are taken from there; the others
 * are measured here, on our engine alone, with 16-byte keys and 100-byte values.
 */
export const REFERENCES: readonly Reference[] = [
  { title: 'single put', published: 550_000, unit: 'per second', from: { row: 'put' } },
  {
    title: 'batch of 100, sustained, entries',
    published: 440_000,
    unit: 'per second',
    from: { row: 'batch-100' },
  },
  { title: 'get from memtable', published: 10_700_000, unit: 'per second', from: { own: 'get-memtable' } },
  { title: 'get from table', published: 347_000, unit: 'per second', from: { own: 'get-table' } },
  { title: 'filter miss', published: 7_600_000, unit: 'per second', from: { own: 'filter-miss' } },
  { title: 'scans of 1,000 keys', published: 66_000, unit: 'per second', from: { own: 'scan-1000' } },
  { title: '100,000 lookups over all entries', published: 0.645, unit: 'seconds', from: { row: 'get' } },
  {
    title: '100,000 negative lookups over all entries',
    published: 0.021,
    unit: 'seconds',
    from: { row: 'get-absent' },
  },
];

export interface Reference {
  readonly title: string;
  readonly published: number;
  /** 'seconds' are those that 100,000 operations take. */
  readonly unit: 'per second' | 'seconds';
  readonly from: { readonly row: string } | { readonly own: ReferenceId };
}

export type ReferenceId = 'get-memtable' | 'get-table' | 'filter-miss' | 'scan-1000';

/** Operations that a figure in seconds stands for. */
export const REFERENCE_LOOKUPS = 100_000;

/** Measures the four that are not in the table. `gets` is the number of lookups of each kind. */
export async function measureReferences(
  module: StoreModule,
  directory: string,
  gets: number,
  report: (id: ReferenceId, value: number) => void,
): Promise<void> {
  await withStore(module, join(directory, 'memtable'), 'os', async (store) => {
    await load(store, MEMTABLE_ENTRIES);
    const keys = [...drawn(gets, MEMTABLE_ENTRIES, 'memtable')].map(presentKey);
    await getOneByOne(store, keys, true);
    report('get-memtable', await getOneByOne(store, keys, true));
  });
  const entries = 10 * MEMTABLE_ENTRIES;
  await withStore(module, join(directory, 'table'), 'os', async (store) => {
    await load(store, entries);
    await store.flushed?.();
    const keys = [...drawn(gets, entries, 'table')].map(presentKey);
    await getOneByOne(store, keys, true);
    report('get-table', await getOneByOne(store, keys, true));
    const absent = [...drawn(gets, entries - 1, 'filter-miss')].map(absentKey);
    await getOneByOne(store, absent, false);
    report('filter-miss', await getOneByOne(store, absent, false));
    const scans = Math.ceil(gets / SHORT_SCAN_PAIRS);
    const starts = [...drawn(scans, entries - SHORT_SCAN_PAIRS, 'scan-1000')].map(presentKey);
    for (const start of starts) await store.scan(start, SHORT_SCAN_PAIRS);
    const startMs = startTimer();
    for (const start of starts) await store.scan(start, SHORT_SCAN_PAIRS);
    report('scan-1000', perSecond(scans, startMs));
  });
}

/** Fits a memtable of 4 MiB. */
const MEMTABLE_ENTRIES = 10_000;
