import { expect, test } from 'vitest';
import type { Entry } from './entry.js';
import { drain, iterate } from './iterator/iterator-test-entries.js';
import { Peekable } from './iterator/peekable.js';
import { writeTable } from './table/builder.js';
import { BlockCache } from './table/cache.js';
import { makeTestEnvironment } from './table/table-test-vfs.js';
import { TableStore } from './table-store.js';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

/** Twenty tables of one entry, `k10` to `k29`, with sequence numbers 1 to 20; eight files may be open. */
async function makeStore() {
  const context = makeTestEnvironment({ openFilesMax: 8 });
  const tables = new TableStore(context, new BlockCache(100_000));
  for (let number = 1; number <= 20; number++) {
    const entry: Entry = {
      key: bytesOf(`k${number + 9}`),
      sequence: number,
      kind: 'value',
      value: bytesOf('v'),
    };
    tables.open(await writeTable(context, 0, number, new Peekable(iterate([entry])), 'flush'));
  }
  return { ...context, tables };
}

test('more tables are readable than files may be open', async () => {
  const { tables } = await makeStore();
  expect(tables.readStats().openFiles).toBe(8);
  for (let round = 0; round < 2; round++) {
    for (let number = 1; number <= 20; number++) {
      expect(drain(tables.get(number).entries(undefined, undefined, 'compaction/sst.read'))).toHaveLength(1);
      expect(tables.readStats().openFiles).toBe(8);
    }
  }
  tables.closeAll();
  expect(tables.readStats().openFiles).toBe(0);
});

test('it counts what filters answer', async () => {
  const context = makeTestEnvironment({ bloomFalsePositiveRate: 0.5 });
  const tables = new TableStore(context, new BlockCache(100_000));
  const entries = Array.from({ length: 300 }, (_, index): Entry => {
    return { key: bytesOf(`k${1_000 + index}`), sequence: index + 1, kind: 'value', value: bytesOf('v') };
  });
  const table = tables.open(await writeTable(context, 0, 1, new Peekable(iterate(entries)), 'flush'));
  expect(table.get(bytesOf('k1200'), 999)?.sequence).toBe(201);
  // Too old to see the version that is there: no fault of the filter.
  expect(table.get(bytesOf('k1200'), 0)).toBeUndefined();
  const absent = Array.from({ length: 300 }, (_, index) => bytesOf(`k1100-${index}`));
  const passed = absent.filter((key) => table.filter.mayContain(key)).length;
  expect(passed).toBeGreaterThan(0);
  for (const key of absent) expect(table.get(key, 999)).toBeUndefined();
  expect(tables.readStats()).toMatchObject({
    filterChecks: 302,
    filterNegatives: 300 - passed,
    filterFalsePositives: passed,
  });
});

test('it counts bytes of blocks by what they were read for, and what the cache has saved', async () => {
  const { tables } = await makeStore();
  // A block of one entry: 5 + 3 + 1 bytes, a restart point and its number, and a trailer.
  const bytes = 9 + 8 + 5;
  tables.get(1).find(bytesOf('k10'), 99);
  tables.get(1).find(bytesOf('k10'), 99);
  for (const number of [1, 2, 3]) drain(tables.get(number).entries());
  drain(tables.get(4).entries(undefined, undefined, 'compaction/sst.read'));
  expect(tables.readStats()).toMatchObject({
    getBytes: bytes,
    scanBytes: 2 * bytes,
    compactionBytes: bytes,
    cache: { hits: 2, misses: 3, bytes: 3 * (bytes - 5) },
  });
});
