import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { BLOCK_CACHE_BYTES, type Durability, type Store } from '../store.js';

/**
 * SQLite through @photostructure/sqlite (the API of node:sqlite, which Node 20 lacks): one table of two BLOBs without
 * row ids, prepared statements, a write-ahead log. Everything is synchronous. NORMAL writes the log without a sync
 * and syncs at checkpoints; FULL syncs the log at every commit. It has no group commit inside one connection.
 */
export const options = `journal_mode WAL; synchronous NORMAL for os, FULL for always; cache_size ${BLOCK_CACHE_BYTES} bytes; WITHOUT ROWID; prepared statements`;

/** Opens SQLite in the directory. */
export async function open(directory: string, durability: Durability): Promise<Store> {
  mkdirSync(directory, { recursive: true });
  const database = new DatabaseSync(join(directory, 'bench.sqlite'));
  database.exec('PRAGMA journal_mode = WAL');
  database.exec(`PRAGMA synchronous = ${durability === 'os' ? 'NORMAL' : 'FULL'}`);
  database.exec(`PRAGMA cache_size = ${-BLOCK_CACHE_BYTES / 1024}`);
  database.exec(
    'CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID',
  );
  const insert = database.prepare('INSERT OR REPLACE INTO entries (key, value) VALUES (?, ?)');
  const select = database.prepare('SELECT value FROM entries WHERE key = ?');
  const range = database.prepare('SELECT key, value FROM entries WHERE key >= ? ORDER BY key LIMIT ?');
  const begin = database.prepare('BEGIN');
  const commit = database.prepare('COMMIT');
  for (const statement of [select, range]) statement.setReturnArrays(true);
  const get = (key: Buffer): Uint8Array | undefined => (select.get(key) as [Uint8Array] | undefined)?.[0];
  return {
    put: (key, value) => insert.run(key, value),
    putBatch: (keys, values) => {
      begin.run();
      for (const [index, key] of keys.entries()) insert.run(key, values[index]);
      commit.run();
    },
    get,
    getSync: get,
    getMany: (keys) => keys.map(get),
    scan: async (first, limit) => {
      let pairs = 0;
      let bytes = 0;
      for (const pair of range.iterate(first, limit)) {
        const [key, value] = pair as [Uint8Array, Uint8Array];
        bytes += key.length + value.length;
        pairs++;
      }
      return { pairs, bytes };
    },
    settled: async () => performance.now(),
    close: () => database.close(),
  };
}
