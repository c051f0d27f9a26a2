import { absentKey, drawn, KEY_BYTES, presentKey, VALUE_BYTES, valueOf } from './dataset.js';
import { MANY, type RowId, SHORT_SCAN_PAIRS, type Sizes } from './rows.js';
import type { Store } from './store.js';
import { perSecond, startTimer } from './write-rows.js';

/**
 * The rows that read, over a store that holds entries 0 to `entries` - 1 and has settled. Keys are drawn evenly, so
 * most reads miss an 8 MiB cache and find their block in the page cache of the system. What comes back is looked at:
 * a store that answers wrongly ends the run.
 */
export async function measureReads(
  store: Store,
  sizes: Sizes,
  report: (id: RowId, value: number) => void,
): Promise<void> {
  const { entries, gets, warmUp } = sizes;
  await checkContent(store, entries);
  const present = [...drawn(gets, entries, 'get')].map(presentKey);
  await getOneByOne(store, present.slice(0, warmUp), true);
  report('get', await getOneByOne(store, present, true));

  const absent = [...drawn(gets, entries - 1, 'get-absent')].map(absentKey);
  await getOneByOne(store, absent.slice(0, warmUp), false);
  report('get-absent', await getOneByOne(store, absent, false));

  await scanFrom(store, 0, warmUp);
  report('scan', await scanFrom(store, 0, entries));
  report('scan-short', await scanShort(store, sizes));

  report('get-many', await getManyAtATime(store, present));
  if (store.getSync !== undefined) report('get-sync', getSynchronously(store.getSync, present));
}

/** Gets each key and waits for it; all of them must be there, or none. Returns gets a second. */
export async function getOneByOne(store: Store, keys: readonly Buffer[], expected: boolean): Promise<number> {
  let found = 0;
  const startMs = startTimer();
  for (const key of keys) {
    const value = await store.get(key);
    if (value !== undefined) found += value.length;
  }
  const rate = perSecond(keys.length, startMs);
  demand(found === (expected ? keys.length * VALUE_BYTES : 0), `${found} bytes of ${keys.length} values`);
  return rate;
}

/** Throws where a store does not hold what was put into it. */
export async function checkContent(store: Store, entries: number): Promise<void> {
  for (const index of drawn(1_000, entries, 'check')) {
    const value = await store.get(presentKey(index));
    demand(value !== undefined && valueOf(index).equals(value), `another value of entry ${index}`);
  }
}

async function scanFrom(store: Store, first: number, limit: number): Promise<number> {
  const startMs = startTimer();
  const { pairs, bytes } = await store.scan(presentKey(first), limit);
  const rate = perSecond(limit, startMs);
  demand(pairs === limit && bytes === limit * (KEY_BYTES + VALUE_BYTES), `${pairs} pairs of ${limit}`);
  return rate;
}

async function scanShort(store: Store, { entries, shortScans }: Sizes): Promise<number> {
  const starts = [...drawn(shortScans, entries - SHORT_SCAN_PAIRS, 'scan')].map(presentKey);
  let found = 0;
  const startMs = startTimer();
  for (const start of starts) found += (await store.scan(start, SHORT_SCAN_PAIRS)).pairs;
  const rate = perSecond(found, startMs);
  demand(found === shortScans * SHORT_SCAN_PAIRS, `${found} pairs in short scans`);
  return rate;
}

async function getManyAtATime(store: Store, keys: readonly Buffer[]): Promise<number> {
  let found = 0;
  const startMs = startTimer();
  for (let at = 0; at < keys.length; at += MANY) {
    for (const value of await store.getMany(keys.slice(at, at + MANY))) found += value?.length ?? 0;
  }
  const rate = perSecond(keys.length, startMs);
  demand(found === keys.length * VALUE_BYTES, `${found} bytes of ${keys.length} values at once`);
  return rate;
}

function getSynchronously(get: NonNullable<Store['getSync']>, keys: readonly Buffer[]): number {
  let found = 0;
  const startMs = startTimer();
  for (const key of keys) found += get(key)?.length ?? 0;
  const rate = perSecond(keys.length, startMs);
  demand(found === keys.length * VALUE_BYTES, `${found} bytes of ${keys.length} values without a promise`);
  return rate;
}

function demand(holds: boolean, got: string): void {
  if (!holds) throw new Error(`Expected the store to give back what was put into it, got ${got}.`);
}
