import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, SMALL } from './engine-test-workload.js';
import { Engine } from './engine.js';
import { tableMeta } from './manifest/manifest-test-arbitraries.js';
import type { TableMeta } from './table/meta.js';
import { amplification } from './stats.js';
import { makeTestEnvironment } from './table/table-test-vfs.js';

const NOTHING = {
  writtenBytes: 0,
  walBytes: 0,
  flushedBytes: 0,
  compactedBytes: 0,
  gets: 0,
  filterMisses: 0,
  tableBytes: 0,
};

/** A table of ten entries and 1,000 bytes from `smallest` to `largest`. */
function tableOf(smallest: string, largest: string, parts: Partial<TableMeta> = {}): TableMeta {
  const [entries, keys] = [10, 10];
  const range = { smallest: bytesOf(smallest), largest: bytesOf(largest) };
  return {
    ...tableMeta({ number: 1, level: 0 }),
    bytes: 1_000,
    entries,
    keys,
    tombstones: 0,
    ...range,
    ...parts,
  };
}

test('nothing is amplified as long as nothing was done', () => {
  expect(amplification(NOTHING, [])).toEqual({
    writeAmplification: 0,
    readAmplification: 0,
    spaceAmplification: 0,
    liveBytes: 0,
  });
});

test('amplification is what was written, looked into and kept, by what was asked for', () => {
  const counted = { writtenBytes: 100, walBytes: 120, flushedBytes: 130, compactedBytes: 250 };
  const run = [tableOf('a', 'c')];
  expect(amplification({ ...counted, gets: 8, filterMisses: 12, tableBytes: 3_000 }, [run])).toMatchObject({
    writeAmplification: 5,
    readAmplification: 1.5,
    spaceAmplification: 3,
  });
});

test('live is what the oldest tables hold, and newer ones only where no older one reaches', () => {
  const oldest = [tableOf('d', 'f'), tableOf('h', 'k')];
  const newer = [tableOf('a', 'c'), tableOf('e', 'g'), tableOf('l', 'm')];
  const live = (runs: readonly (readonly TableMeta[])[]) => amplification(NOTHING, runs).liveBytes;
  expect(live([oldest])).toBe(2_000);
  expect(live([newer, oldest])).toBe(4_000);
  // One that does not count hides nothing itself.
  expect(live([[tableOf('g', 'g')], newer, oldest])).toBe(5_000);
});

test('versions that are overwritten within a table, and tombstones, are not live', () => {
  const live = (parts: Partial<TableMeta>) => amplification(NOTHING, [[tableOf('a', 'b', parts)]]).liveBytes;
  expect(live({ keys: 4 })).toBe(400);
  expect(live({ tombstones: 9 })).toBe(100);
  expect(live({ keys: 2, tombstones: 9 })).toBe(0);
});

test('a database whose keys were overwritten twice takes up to three times its live bytes, and once when it is compacted', async () => {
  const { environment } = makeTestEnvironment();
  const engine = await Engine.open(environment, {
    ...SMALL,
    memtableEntriesMax: 1_000,
    tableEntriesMax: 1_000,
  });
  for (let round = 0; round < 3; round++) {
    for (let key = 100; key < 200; key++)
      await engine.put(bytesOf(`k${key}`), bytesOf('a value of some length'));
    await engine.flush();
  }
  const before = engine.stats();
  expect(before.flushedBytes).toBe(before.tableBytes);
  // Sequence numbers of a byte more make the later tables a little larger.
  expect(before.spaceAmplification).toBeGreaterThan(2.8);
  expect(before.spaceAmplification).toBeLessThan(3.2);
  expect(before.writeAmplification).toBeGreaterThan(2);
  await engine.compact();
  await engine.settled();
  const after = engine.stats();
  expect(after.spaceAmplification).toBe(1);
  expect(after.tableBytes).toBe(after.levels.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(after.writeAmplification).toBeCloseTo(
    (after.walBytes + after.flushedBytes + after.compactedBytes) / after.writtenBytes,
  );
  expect(after.writeAmplification).toBeGreaterThan(before.writeAmplification);
  await engine.close();
});

test('reads are counted: tables looked into, what filters spared, what they let pass in vain', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 50 }), async (asked) => {
      const { environment } = makeTestEnvironment();
      const options = { ...SMALL, memtableEntriesMax: 100, tableEntriesMax: 100, negativeCacheEntries: 0 };
      const engine = await Engine.open(environment, { ...options, bloomFalsePositiveRate: 0.3 });
      for (let key = 0; key <= 300; key += 5) await engine.put(bytesOf(`k${1_000 + key}`), bytesOf('v'));
      await engine.flush();
      for (const key of asked) await engine.get(bytesOf(`k${1_000 + key}`));
      const there = asked.filter((key) => key % 5 === 0).length;
      const { gets, filterHits, filterMisses, filterFalsePositives, readAmplification } = engine.stats();
      expect(gets).toBe(asked.length);
      expect(filterHits + filterMisses).toBe(asked.length);
      expect(filterMisses - filterFalsePositives).toBe(there);
      expect(readAmplification).toBe(filterMisses / asked.length);
      await engine.close();
    }),
    { numRuns: 30 },
  );
});
