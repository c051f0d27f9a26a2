import { open as openDatabase } from 'lmdb';
import type { Durability, Store } from '../store.js';

/**
 * LMDB through lmdb-js: a B+ tree in a memory map, so its cache is the page cache and has no limit of its own. Reads
 * are synchronous, as its documentation wants them; writes go through a queue that a thread commits, and the promise
 * of a put resolves at the commit. For 'os' nothing is synced (noSync); for 'always' the sync is part of the commit
 * (overlappingSync off), since by default a put is answered before it is durable.
 */
export const options =
  "keyEncoding and encoding 'binary'; noSync: true for os, overlappingSync: false for always; no write buffer, the page cache as the cache";

/** Opens LMDB in the directory. */
export async function open(directory: string, durability: Durability): Promise<Store> {
  const database = openDatabase<Buffer, Buffer>({
    path: directory,
    keyEncoding: 'binary',
    encoding: 'binary',
    ...(durability === 'os' ? { noSync: true } : { overlappingSync: false }),
  });
  return {
    put: (key, value) => database.put(key, value),
    putBatch: (keys, values) =>
      database.batch(() => {
        for (const [index, key] of keys.entries()) void database.put(key, values[index] as Buffer);
      }),
    get: (key) => database.get(key),
    getSync: (key) => database.get(key),
    getMany: (keys) => database.getMany([...keys]),
    scan: async (first, limit) => {
      let pairs = 0;
      let bytes = 0;
      for (const { key, value } of database.getRange({ start: first, limit })) {
        bytes += key.length + value.length;
        pairs++;
      }
      return { pairs, bytes };
    },
    settled: async () => performance.now(),
    close: () => database.close(),
  };
}
