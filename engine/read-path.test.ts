import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeCatalog } from './catalog/catalog.js';
import { bytesOf, dump, SMALL, textOf } from './engine-test-workload.js';
import { Engine } from './engine.js';
import { compareEntries, compareKeys, type Entry } from './entry.js';
import { drain, iterate } from './iterator/iterator-test-entries.js';
import { Peekable } from './iterator/peekable.js';
import { Memtable } from './memtable/memtable.js';
import type { EngineOptions } from './options.js';
import { findNewest, visibleRange } from './read-path.js';
import { writeTable } from './table/builder.js';
import { BlockCache } from './table/cache.js';
import type { TableMeta } from './table/meta.js';
import { arbitraryKey, arbitraryOptions, arbitraryWrites } from './table/table-test-arbitraries.js';
import { TableStore } from './table-store.js';
import { makeTestEnvironment } from './table/table-test-vfs.js';
import { faultyVfs, inputOutputError } from './vfs/faulty-test-vfs.js';

async function filled(options = SMALL) {
  const engine = await Engine.open(makeTestEnvironment().environment, options);
  for (let index = 10; index < 22; index++) await engine.put(bytesOf(`k${index}`), bytesOf('old'));
  return engine;
}

test('a scan is as of the call that made it, not of its first step', async () => {
  const engine = await filled();
  const scan = engine.scan();
  await engine.put(bytesOf('k10'), bytesOf('new'));
  await engine.put(bytesOf('k99'), bytesOf('new'));
  await engine.compact();
  const pairs: string[] = [];
  for await (const [key, value] of scan) pairs.push(`${textOf(key)}=${textOf(value)}`);
  expect(pairs).toHaveLength(12);
  expect(pairs[0]).toBe('k10=old');
  await engine.close();
});

test('a scan that is given up, before its first step or later, frees its tables', async () => {
  const engine = await filled();
  const unstarted = engine.scan();
  const started = engine.scan();
  await started.next();
  await engine.compact();
  await engine.settled();
  expect(engine.files().obsolete).not.toEqual([]);
  await unstarted.return();
  await started.return();
  await engine.settled();
  expect(engine.files().obsolete).toEqual([]);
  await engine.close();
});

test('closing the database ends an open scan with ENGINE_CLOSED', async () => {
  const engine = await filled();
  await engine.flush();
  const scan = engine.scan();
  await scan.next();
  await engine.close();
  await expect(scan.next()).rejects.toMatchObject({ code: 'ENGINE_CLOSED' });
  await expect(scan.next()).resolves.toMatchObject({ done: true });
});

test('a read that fails says ENGINE_IO, and neither later reads nor writes suffer', async () => {
  const base = makeTestEnvironment();
  let failing = false;
  const vfs = faultyVfs(base.environment.vfs, ({ label }) => {
    if (failing && (label === 'get/sst.read' || label === 'scan/sst.read')) throw inputOutputError();
  });
  const engine = await Engine.open({ ...base.environment, vfs }, { ...SMALL, blockCacheBytes: 0 });
  await engine.put(bytesOf('a'), bytesOf('1'));
  await engine.flush();
  failing = true;
  await expect(engine.get(bytesOf('a'))).rejects.toMatchObject({ code: 'ENGINE_IO', outcome: 'none' });
  await expect(dump(engine)).rejects.toMatchObject({ code: 'ENGINE_IO' });
  await engine.put(bytesOf('b'), bytesOf('2'));
  failing = false;
  expect(await dump(engine)).toEqual([
    ['a', '1'],
    ['b', '2'],
  ]);
  await engine.close();
});

test('what is read belongs to the caller: changing it changes nothing in the database', async () => {
  const engine = await filled();
  (await engine.get(bytesOf('k10')))?.fill(0);
  for await (const [key, value] of engine.scan()) {
    key.fill(0);
    value.fill(0);
  }
  expect(await engine.get(bytesOf('k10'))).toEqual(bytesOf('old'));
  expect((await dump(engine)).every(([key, value]) => key.startsWith('k') && value === 'old')).toBe(true);
  await engine.close();
});

test('limit and bounds: the first is included, the last is not, and none are needed', async () => {
  const engine = await filled();
  const keys = async (options: Parameters<Engine['scan']>[0]): Promise<string[]> => {
    const found: string[] = [];
    for await (const [key] of engine.scan(options)) found.push(textOf(key));
    return found;
  };
  expect(await keys({ gte: bytesOf('k12'), lt: bytesOf('k14') })).toEqual(['k12', 'k13']);
  expect(await keys({ gte: bytesOf('k2'), limit: 1 })).toEqual(['k20']);
  expect(await keys({ limit: 0 })).toEqual([]);
  expect(await keys({ gte: bytesOf('k14'), lt: bytesOf('k12') })).toEqual([]);
  await engine.close();
});

/**
 * The writes in layers, each of them older than the next: two levels of one run each, two tables of L0, a memtable that
 * waits for its flush and the active one. `share` says how many of ten writes go into each layer.
 */
async function makeLayers(
  writes: readonly Entry[],
  share: readonly number[],
  options: Partial<EngineOptions>,
) {
  const context = makeTestEnvironment({ ...options, tableEntriesMax: 4, openFilesMax: 8 });
  const tables = new TableStore(context, new BlockCache(context.options.blockCacheBytes));
  const layers: Entry[][] = [[], [], [], [], [], []];
  let layer = 0;
  for (const [place, entry] of writes.entries()) {
    while (
      layer < 5 &&
      place >= (share.slice(0, layer + 1).reduce((sum, one) => sum + one, 0) * writes.length) / 10
    )
      layer++;
    layers[layer]?.push(entry);
  }
  let number = 1;
  const write = async (entries: readonly Entry[], level: number): Promise<TableMeta[]> => {
    const source = new Peekable(iterate([...entries].sort(compareEntries)));
    const metas: TableMeta[] = [];
    while (source.peek() !== undefined)
      metas.push(await writeTable(context, level, number++, source, 'flush'));
    for (const meta of metas) tables.open(meta);
    return metas;
  };
  const [deep, upper, old, recent] = [
    await write(layers[0] ?? [], 2),
    await write(layers[1] ?? [], 1),
    await write(layers[2] ?? [], 0),
    await write(layers[3] ?? [], 0),
  ];
  const [waiting, active] = [4, 5].map((place) => {
    const memtable = new Memtable();
    for (const entry of layers[place] ?? []) memtable.add(entry);
    return { memtable, walNumber: place };
  }) as [{ memtable: Memtable; walNumber: number }, { memtable: Memtable; walNumber: number }];
  const levels = [[...recent, ...old], upper, deep];
  return { tables, catalog: makeCatalog({ active, flushing: [waiting], levels, manifestNumber: 1 }) };
}

test('gets and scans, forward and in reverse, agree with a list of the writes, wherever these lie', async () => {
  const long = new Uint8Array(65_536).fill(255);
  const bound = fc.option(
    fc.oneof(
      arbitraryKey,
      arbitraryKey.map((key) => Uint8Array.from([...key, 0])),
      fc.constant(long),
      fc.constant(new Uint8Array(0)),
    ),
    { nil: undefined },
  );
  const share = fc.array(fc.nat({ max: 5 }), { minLength: 6, maxLength: 6 });
  const question = fc.tuple(bound, bound, fc.integer({ min: 0, max: 61 }));
  await fc.assert(
    fc.asyncProperty(
      arbitraryWrites,
      share,
      arbitraryOptions,
      fc.array(question, { maxLength: 6 }),
      async (writes, shares, options, questions) => {
        const { tables, catalog } = await makeLayers(writes, shares, options);
        const newestFirst = writes.toReversed();
        for (const [from, before, sequence] of questions) {
          const newest = (key: Uint8Array) =>
            newestFirst.find((one) => one.sequence <= sequence && compareKeys(one.key, key) === 0);
          for (const { key } of writes) {
            const found = findNewest(catalog, tables, key, sequence);
            expect(found?.sequence).toBe(newest(key)?.sequence);
          }
          const visible = writes
            .filter((one) => one.kind === 'value' && newest(one.key) === one)
            .filter(({ key }) => from === undefined || compareKeys(key, from) >= 0)
            .filter(({ key }) => before === undefined || compareKeys(key, before) < 0)
            .sort(compareEntries)
            .map(plain);
          const scan = (reverse: boolean) =>
            drain(visibleRange(catalog, tables, sequence, { from, before, reverse })).map(plain);
          expect(scan(false)).toEqual(visible);
          expect(scan(true)).toEqual(visible.reverse());
        }
      },
    ),
    { numRuns: 200 },
  );
});

const plain = ({ key, sequence, value }: Entry) => [
  textOf(key),
  sequence,
  Buffer.from(value).toString('hex'),
];
