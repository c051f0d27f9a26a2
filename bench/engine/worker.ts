import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkContent, getOneByOne, measureReads } from './read-rows.js';
import { drawn, presentKey } from './dataset.js';
import { measureReferences } from './reference-rows.js';
import { sizesFor, type Sizes } from './rows.js';
import type { StoreModule, StoreName } from './store.js';
import { load, measureWrites, withStore } from './write-rows.js';

/**
 * The child that measures one engine in one round, so that no engine meets another one's memory, compiled code or
 * caches. Called as `worker.js <store> <entries> <directory>`, it prints one JSON message a line (`WorkerMessage`)
 * and ends. An engine that cannot be loaded on this machine is a message, not an error.
 */
export type WorkerMessage =
  | { readonly kind: 'options'; readonly options: string }
  | { readonly kind: 'figure'; readonly id: string; readonly value: number }
  | { readonly kind: 'unavailable'; readonly why: string };

if (process.argv[1] === import.meta.filename) {
  const [name, entries, directory] = process.argv.slice(2);
  await measure(name as StoreName, sizesFor(Number(entries)), directory ?? '.');
}

async function measure(name: StoreName, sizes: Sizes, directory: string): Promise<void> {
  const module = await loadStore(name);
  if (module === undefined) return;
  say({ kind: 'options', options: module.options });
  const report = (id: string, value: number): void => say({ kind: 'figure', id, value });
  const place = (part: string): string => join(directory, part);
  await warmUp(module, place('warm-up'), sizes.warmUp);
  await measureWrites(module, place('writes'), sizes, report);
  rmSync(place('writes'), { recursive: true, force: true });
  await withStore(module, place('reads'), 'os', async (store) => {
    await load(store, sizes.entries);
    await store.settled();
    await measureReads(store, sizes, report);
  });
  rmSync(place('reads'), { recursive: true, force: true });
  if (name === 'ninelives') await measureReferences(module, place('references'), sizes.gets, report);
}

async function loadStore(name: StoreName): Promise<StoreModule | undefined> {
  try {
    switch (name) {
      case 'ninelives':
        return await import('./stores/ninelives.js');
      case 'classic-level':
        return await import('./stores/classic-level.js');
      case 'lmdb':
        return await import('./stores/lmdb.js');
      case 'sqlite':
        return await import('./stores/sqlite.js');
    }
  } catch (error) {
    say({ kind: 'unavailable', why: firstLine(error) });
    return undefined;
  }
}

/** Every kind of operation that the rows do, a few thousand times, in a database of its own. */
async function warmUp(module: StoreModule, directory: string, count: number): Promise<void> {
  await withStore(module, directory, 'os', async (store) => {
    await load(store, count);
    await checkContent(store, count);
    const keys = [...drawn(count, count, 'warm-up')].map(presentKey);
    for (const key of keys) await store.put(key, key);
    await getOneByOne(store, [], true);
    await store.scan(presentKey(0), count);
  });
}

function say(message: WorkerMessage): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}
