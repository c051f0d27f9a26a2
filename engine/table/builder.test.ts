import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys, type Entry } from '../entry.js';
import type { EngineOptions } from '../options.js';
import { Peekable } from '../iterator/peekable.js';
import { writeTable } from './builder.js';
import type { TableMeta } from './meta.js';
import { Table } from './reader.js';
import { arbitraryEntries } from './table-test-arbitraries.js';
import { makeShared, makeTestEnvironment } from './table-test-vfs.js';
import { drain, iterate } from '../iterator/iterator-test-entries.js';

function makeEntries(count: number, valueBytes: number): Entry[] {
  return Array.from({ length: count }, (_, index) => {
    const key = Buffer.from(String(index).padStart(6, '0'));
    return { key, sequence: index + 1, kind: 'value', value: Buffer.alloc(valueBytes, index) };
  });
}

/** Writes all entries as tables of L1, numbered from 1. */
async function writeAll(entries: readonly Entry[], options: Partial<EngineOptions> = {}) {
  const environment = makeTestEnvironment(options);
  const source = new Peekable(iterate(entries));
  const metas: TableMeta[] = [];
  while (source.peek() !== undefined) {
    metas.push(await writeTable(environment, 1, metas.length + 1, source, 'compaction'));
  }
  return { ...environment, metas };
}

test('a small table is made in the order create, data, tail, fsync, and then its sidecar', async () => {
  const { calls } = await writeAll(makeEntries(2, 5));
  expect(calls).toEqual([
    'compaction/sst.create l1/000001.sst',
    'compaction/sst.write l1/000001.sst',
    'compaction/sst.write l1/000001.sst',
    'compaction/sst.fsync l1/000001.sst',
    'compaction/bloom.create l1/000001.bloom',
    'compaction/bloom.write l1/000001.bloom',
    'compaction/bloom.fsync l1/000001.bloom',
  ]);
});

test('each data block is a write of its own, and a flush has labels of its own', async () => {
  const environment = makeTestEnvironment({ blockBytes: 1_000 });
  await writeTable(environment, 0, 1, new Peekable(iterate(makeEntries(40, 90))), 'flush');
  const writes = environment.calls.filter((call) => call.startsWith('flush/sst.write'));
  expect(writes).toHaveLength(5);
});

test('the meta says what the table holds', async () => {
  const tombstone: Entry = { key: Buffer.from('c'), sequence: 3, kind: 'tombstone', value: Buffer.alloc(0) };
  const values = [9, 4].map((sequence): Entry => {
    return { key: Buffer.from('b'), sequence, kind: 'value', value: Buffer.from('x') };
  });
  const { metas, files } = await writeAll([...values, tombstone]);
  expect(metas).toEqual([
    {
      number: 1,
      level: 1,
      run: 0,
      keys: 2,
      bytes: files.get('l1/000001.sst')?.length,
      entries: 3,
      tombstones: 1,
      smallest: Uint8Array.of(98),
      largest: Uint8Array.of(99),
      sequenceMin: 3,
      sequenceMax: 9,
    },
  ]);
});

test('tables are cut at the entry limit, and no key lies in two of them', async () => {
  const limit = fc.integer({ min: 1, max: 20 });
  await fc.assert(
    fc.asyncProperty(arbitraryEntries, limit, async (entries, tableEntriesMax) => {
      const written = await writeAll(entries, { tableEntriesMax, blockBytes: 64 });
      const shared = makeShared(written, 0);
      const tables = written.metas.map((meta) => drain(Table.open(written, meta, shared).entries()));
      expect(tables.flat().map(({ sequence }) => sequence)).toEqual(entries.map(({ sequence }) => sequence));
      for (const [index, table] of tables.entries()) {
        const [last, next] = [table.at(-1), tables[index + 1]?.[0]];
        if (last === undefined || next === undefined) continue;
        expect(compareKeys(last.key, next.key)).toBeLessThan(0);
        expect(table.length).toBeGreaterThanOrEqual(tableEntriesMax);
      }
      for (const table of tables) {
        const beforeLastKey = table.filter(({ key }) => compareKeys(key, table.at(-1)?.key ?? key) < 0);
        expect(beforeLastKey.length).toBeLessThan(tableEntriesMax);
      }
    }),
  );
});

test('tables are cut at the byte limit', async () => {
  const { metas } = await writeAll(makeEntries(100, 1_000), { tableBytesMax: 20_000 });
  expect(metas.map(({ entries }) => entries)).toEqual([20, 20, 20, 20, 20]);
});

test('requests may run about every 64 KiB', async () => {
  const { pauses } = await writeAll(makeEntries(300, 1_000));
  expect(pauses()).toBe(4);
});

test('without entries nothing is created', async () => {
  const environment = makeTestEnvironment();
  const nothing = new Peekable<Entry>(iterate([]));
  await expect(writeTable(environment, 0, 1, nothing, 'flush')).rejects.toThrow('at least one entry');
  expect(environment.calls).toEqual([]);
});

test('entries out of order are refused', async () => {
  await expect(writeAll(makeEntries(2, 1).reverse())).rejects.toThrow('not in order');
});
