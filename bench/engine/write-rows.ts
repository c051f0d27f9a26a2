import { join } from 'node:path';
import { presentKey, shuffled, valueOf } from './dataset.js';
import { LANES, type RowId, type Sizes } from './rows.js';
import type { Durability, Store, StoreModule } from './store.js';

/**
 * The rows that write: each into a database of its own, fresh keys in a shuffled order, so that every flush and
 * merge that the engine needs to keep up is inside the measured time as far as it delays the writers. What is left
 * for later is in the rows `until settled`, which end when the background work does.
 */
export async function measureWrites(
  module: StoreModule,
  directory: string,
  sizes: Sizes,
  report: (id: RowId, value: number) => void,
): Promise<void> {
  await withStore(module, join(directory, 'put'), 'os', async (store) => {
    report('put', await putOneByOne(store, sizes.puts));
  });
  for (const [size, row, settledRow] of [
    [100, 'batch-100', 'batch-100-settled'],
    [1_000, 'batch-1000', 'batch-1000-settled'],
  ] as const) {
    await withStore(module, join(directory, row), 'os', async (store) => {
      const entries = entriesInOrder(sizes.batchEntries, row);
      const startMs = startTimer();
      await putBatches(store, entries, size);
      report(row, perSecond(sizes.batchEntries, startMs));
      report(settledRow, ((await store.settled()) - startMs) / 1_000);
    });
  }
  await withStore(module, join(directory, 'always'), 'always', async (store) => {
    report('put-always', await putOneByOne(store, sizes.syncedPuts));
  });
  await withStore(module, join(directory, 'concurrent'), 'always', async (store) => {
    report('put-always-concurrent', await putConcurrently(store, sizes.concurrentPuts));
  });
}

/** Writes entries 0 to `count` - 1 in shuffled order, 1,000 a batch; what the read rows read. */
export async function load(store: Store, count: number): Promise<void> {
  const order = shuffled(count, 'load');
  for (let at = 0; at < count; at += 1_000) {
    const indexes = [...order.subarray(at, at + 1_000)];
    await store.putBatch(indexes.map(presentKey), indexes.map(valueOf));
  }
}

/** Opens a store, hands it over and closes it, come what may. */
export async function withStore(
  { open }: StoreModule,
  directory: string,
  durability: Durability,
  use: (store: Store) => Promise<void>,
): Promise<void> {
  const store = await open(directory, durability);
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

/** Collects the garbage of what went before, and gives the time. */
export function startTimer(): number {
  globalThis.gc?.();
  return performance.now();
}

/** What was done since then, a second. */
export function perSecond(count: number, startMs: number): number {
  return (count * 1_000) / (performance.now() - startMs);
}

async function putOneByOne(store: Store, count: number): Promise<number> {
  const { keys, values } = entriesInOrder(count, 'put');
  const startMs = startTimer();
  for (let index = 0; index < count; index++) {
    await store.put(keys[index] as Buffer, values[index] as Buffer);
  }
  return perSecond(count, startMs);
}

async function putConcurrently(store: Store, count: number): Promise<number> {
  const { keys, values } = entriesInOrder(count, 'concurrent');
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      await store.put(keys[index] as Buffer, values[index] as Buffer);
    }
  };
  const startMs = startTimer();
  await Promise.all(Array.from({ length: LANES }, lane));
  return perSecond(count, startMs);
}

async function putBatches(store: Store, { keys, values }: Entries, size: number): Promise<void> {
  for (let at = 0; at < keys.length; at += size) {
    await store.putBatch(keys.slice(at, at + size), values.slice(at, at + size));
  }
}

interface Entries {
  readonly keys: readonly Buffer[];
  readonly values: readonly Buffer[];
}

function entriesInOrder(count: number, name: string): Entries {
  const indexes = [...shuffled(count, name)];
  return { keys: indexes.map(presentKey), values: indexes.map(valueOf) };
}
