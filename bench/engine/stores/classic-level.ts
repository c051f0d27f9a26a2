import { setTimeout } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import {
  BLOCK_CACHE_BYTES,
  type Durability,
  SCAN_CHUNK,
  type Store,
  TABLE_BYTES,
  WRITE_BUFFER_BYTES,
} from '../store.js';

/**
 * LevelDB through classic-level. The sizes are its defaults, named so that they stay what they are. Work runs on
 * libuv's threads and compaction on a thread of LevelDB's own, beside the JavaScript. An iterator gives no more
 * than `highWaterMarkBytes` at a time, 16 KiB unless told, so that is raised to let a chunk of a scan pass whole.
 */
export const options = `writeBufferSize ${WRITE_BUFFER_BYTES}, cacheSize ${BLOCK_CACHE_BYTES}, maxFileSize ${TABLE_BYTES}, Snappy on (default); sync: false or true; iterators with highWaterMarkBytes ${256 * 1024}`;

const HIGH_WATER_MARK_BYTES = 256 * 1024;
/** LevelDB does not tell when it is done; it is taken to be when its statistics stand still for so long. */
const QUIET_MS = 1_000;
const POLL_MS = 20;

/** Opens LevelDB in the directory. */
export async function open(directory: string, durability: Durability): Promise<Store> {
  const database = new ClassicLevel<Buffer, Buffer>(directory, {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
    writeBufferSize: WRITE_BUFFER_BYTES,
    cacheSize: BLOCK_CACHE_BYTES,
    maxFileSize: TABLE_BYTES,
  });
  await database.open();
  const sync = durability === 'always';
  return {
    put: sync ? (key, value) => database.put(key, value, { sync }) : (key, value) => database.put(key, value),
    putBatch: (keys, values) =>
      database.batch(
        keys.map((key, index) => ({ type: 'put', key, value: values[index] as Buffer })),
        { sync },
      ),
    get: (key) => database.get(key),
    getSync: (key) => database.getSync(key),
    getMany: (keys) => database.getMany([...keys]),
    scan: async (first, limit) => {
      const iterator = database.iterator({ gte: first, limit, highWaterMarkBytes: HIGH_WATER_MARK_BYTES });
      let pairs = 0;
      let bytes = 0;
      for (;;) {
        const some = await iterator.nextv(SCAN_CHUNK);
        if (some.length === 0) break;
        for (const [key, value] of some) bytes += key.length + value.length;
        pairs += some.length;
      }
      await iterator.close();
      return { pairs, bytes };
    },
    settled: () => untilQuiet(() => database.getProperty('leveldb.stats')),
    close: () => database.close(),
  };
}

/** Resolves with the time of the last change. */
async function untilQuiet(look: () => string): Promise<number> {
  let seen = look();
  let changedMs = performance.now();
  while (performance.now() - changedMs < QUIET_MS) {
    await setTimeout(POLL_MS);
    const now = look();
    if (now === seen) continue;
    seen = now;
    changedMs = performance.now();
  }
  return changedMs;
}
