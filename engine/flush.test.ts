import { expect, test } from 'vitest';
import { bytesOf, dump, SMALL, withEngine } from './engine-test-workload.js';
import { Engine } from './engine.js';
import { parsePath } from './filenames.js';
import { makeTestEnvironment } from './table/table-test-vfs.js';

/** What a memtable becomes when recovery has rebuilt it from the WALs: the tables of L0 that a flush would make. */

/** Limits so large that nothing is flushed. */
const LARGE = { ...SMALL, memtableEntriesMax: 1_000 };

async function fill(engine: Engine, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) await engine.put(bytesOf(`k${index}`), bytesOf(`${index}`));
}

test('after a recovery nothing waits for a flush, and the new WAL is the only one', async () => {
  const { environment, files } = makeTestEnvironment();
  await withEngine(environment, (engine) => fill(engine, 0, 5), LARGE);
  const engine = await Engine.open(environment, LARGE);
  expect(engine.stats()).toMatchObject({ memtableEntries: 0, memtablesWaiting: 0, visibleSequence: 5 });
  expect(engine.stats().levels[0]).toMatchObject({ tables: 2, entries: 5 });
  expect(engine.files().pending).toEqual([]);
  expect([...files.keys()].filter((path) => parsePath(path)?.kind === 'wal')).toHaveLength(1);
  await engine.close();
});

test('a log without writes makes no table', async () => {
  const { environment } = makeTestEnvironment();
  for (let life = 0; life < 2; life++) {
    const tables = await withEngine(environment, async (engine) => engine.stats().levels.flat());
    expect(tables).toEqual([]);
  }
});

test('a tombstone in the log goes on hiding what lies in the tables', async () => {
  const { environment } = makeTestEnvironment();
  await withEngine(environment, async (engine) => {
    await fill(engine, 0, 3);
    await engine.compact();
    await engine.delete(bytesOf('k1'));
  });
  const left = [
    ['k0', '0'],
    ['k2', '2'],
  ];
  expect(await withEngine(environment, dump)).toEqual(left);
  expect(await withEngine(environment, dump)).toEqual(left);
});

test('a log that makes more tables than writers may go on with is recovered, and compaction lets them go on', async () => {
  const { environment } = makeTestEnvironment();
  await withEngine(environment, (engine) => fill(engine, 0, 60), LARGE);
  await withEngine(environment, async (engine) => {
    expect(engine.stats().levels[0]?.tables).toBeGreaterThan(SMALL.l0TablesStall ?? Infinity);
    await fill(engine, 60, 80);
    await engine.settled();
    expect(engine.stats().levels[0]?.tables).toBeLessThan(SMALL.l0TablesMax ?? 0);
    expect(await dump(engine)).toHaveLength(80);
  });
});
