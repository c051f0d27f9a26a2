import { Engine, type EngineOptions, nodeEnvironment } from '../../../engine/index.js';
import {
  BLOCK_CACHE_BYTES,
  type Durability,
  SCAN_CHUNK,
  type Store,
  TABLE_BYTES,
  WRITE_BUFFER_BYTES,
} from '../store.js';

/**
 * Our engine, with memtables, tables and a cache of LevelDB's sizes: its own limits by number of entries, which come
 * from the book that it follows, are lifted. All other options are the defaults.
 */
export const BENCH_OPTIONS = {
  memtableBytesMax: WRITE_BUFFER_BYTES,
  memtableEntriesMax: 1_000_000,
  tableBytesMax: TABLE_BYTES,
  tableEntriesMax: 1_000_000,
  blockCacheBytes: BLOCK_CACHE_BYTES,
} as const satisfies Partial<EngineOptions>;

export const options = `durability os or always, ${Object.entries(BENCH_OPTIONS)
  .map(([name, value]) => `${name} ${value}`)
  .join(', ')}`;

/** Opens our engine in the directory. */
export async function open(directory: string, durability: Durability): Promise<Store> {
  const engine = await Engine.open(nodeEnvironment(directory), { ...BENCH_OPTIONS, durability });
  return {
    put: (key, value) => engine.put(key, value),
    putBatch: (keys, values) =>
      engine.write(keys.map((key, index) => ({ kind: 'put', key, value: values[index] as Buffer }))),
    get: (key) => engine.get(key),
    getMany: (keys) => engine.getMany(keys),
    scan: async (first, limit) => {
      const scan = engine.scan({ gte: first, limit });
      let pairs = 0;
      let bytes = 0;
      for (;;) {
        const some = await scan.nextMany(SCAN_CHUNK);
        for (const [key, value] of some) bytes += key.length + value.length;
        pairs += some.length;
        if (some.length < SCAN_CHUNK) return { pairs, bytes };
      }
    },
    settled: async () => {
      await engine.settled();
      return performance.now();
    },
    flushed: async () => {
      await engine.compact();
      await engine.settled();
    },
    close: () => engine.close(),
  };
}
