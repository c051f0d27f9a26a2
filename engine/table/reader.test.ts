import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareEntries, compareKeys, type Entry } from '../entry.js';
import type { EngineOptions } from '../options.js';
import { Peekable } from '../iterator/peekable.js';
import { encodeBloom } from './bloom-file.js';
import { writeTable } from './builder.js';
import { Table } from './reader.js';
import { arbitraryEntries, arbitraryKey, arbitraryOptions } from './table-test-arbitraries.js';
import { makeShared, makeTestEnvironment } from './table-test-vfs.js';
import { drain, iterate } from '../iterator/iterator-test-entries.js';

const SST = 'l0/000001.sst';
const BLOOM = 'l0/000001.bloom';

async function makeTable(entries: readonly Entry[], options: Partial<EngineOptions> = {}) {
  const environment = makeTestEnvironment(options);
  const meta = await writeTable(environment, 0, 1, new Peekable(iterate(entries)), 'flush');
  const shared = makeShared(environment);
  const open = () => Table.open(environment, meta, shared);
  return { ...environment, meta, ...shared, open };
}

/** Ten keys `k0` to `k9`, one entry a block. */
function makeBlocks(): Entry[] {
  return Array.from({ length: 10 }, (_, index) => {
    return {
      key: Buffer.from(`k${index}`),
      sequence: index + 1,
      kind: 'value',
      value: Buffer.alloc(60, index),
    };
  });
}

test('find and entries agree with a sorted array, whatever the bounds, sequence and block size', async () => {
  const bound = fc.option(arbitraryKey, { nil: undefined });
  const sequence = fc.integer({ min: 0, max: 61 });
  await fc.assert(
    fc.asyncProperty(
      arbitraryEntries,
      arbitraryOptions,
      fc.array(fc.tuple(bound, bound, sequence), { maxLength: 8 }),
      async (entries, options, questions) => {
        const table = (await makeTable(entries, options)).open();
        for (const [from, before, at] of questions) {
          const inside = entries.filter(({ key }) => isInside(key, from, before));
          expect(same(drain(table.entries(from, before)), inside)).toBe(true);
          expect(same(drain(table.reversed(from, before)), inside.reverse())).toBe(true);
          for (const key of [...entries.map((entry) => entry.key), from ?? Buffer.from('a')]) {
            const newest = entries.find((one) => compareKeys(one.key, key) === 0 && one.sequence <= at);
            expect(same([table.find(key, at)], [newest])).toBe(true);
            if (newest !== undefined) expect(table.mayContain(key)).toBe(true);
          }
        }
      },
    ),
  );
});

test('versions of one key are found although they fill several blocks', async () => {
  const entries = Array.from({ length: 50 }, (_, index): Entry => {
    return { key: Buffer.from('k'), sequence: 100 - index, kind: 'value', value: Buffer.alloc(30, index) };
  });
  const table = (await makeTable(entries, { blockBytes: 64 })).open();
  expect(entries.map(({ key, sequence }) => table.find(key, sequence)?.sequence)).toEqual(
    entries.map(({ sequence }) => sequence),
  );
  expect(table.find(Buffer.from('k'), 50)).toBeUndefined();
});

test('a version is found where all of its block are too new, and the next block begins with it', async () => {
  const entries = Array.from({ length: 50 }, (_, index): Entry => {
    return {
      key: Buffer.from('k'),
      sequence: 200 - 2 * index,
      kind: 'value',
      value: Buffer.alloc(30, index),
    };
  });
  const table = (await makeTable(entries, { blockBytes: 64 })).open();
  expect(entries.map(({ key, sequence }) => table.find(key, sequence + 1)?.sequence)).toEqual(
    entries.map(({ sequence }) => sequence),
  );
});

test('gets and scans share the cache; a compaction reads past it', async () => {
  const { open, cache, calls } = await makeTable(makeBlocks(), { blockBytes: 64 });
  const table = open();
  const readsOf = (label: string) => calls.filter((call) => call.startsWith(label)).length;
  expect(drain(table.entries())).toHaveLength(10);
  expect(table.find(Buffer.from('k3'), 99)?.sequence).toBe(4);
  expect([readsOf('scan/sst.read'), readsOf('get/sst.read')]).toEqual([10, 0]);
  const { hits, misses } = cache.stats;
  expect(drain(table.entries(undefined, undefined, 'compaction/sst.read'))).toHaveLength(10);
  expect(readsOf('compaction/sst.read')).toBe(10);
  expect(cache.stats).toMatchObject({ hits, misses });
});

test('a get reads one block, also where the key begins a block', async () => {
  const { open, calls } = await makeTable(makeBlocks(), { blockBytes: 64 });
  const table = open();
  for (const { key } of makeBlocks()) table.find(key, 99);
  expect(calls.filter((call) => call.startsWith('get/sst.read'))).toHaveLength(10);
});

test('a scan reads no block outside of its bounds', async () => {
  const { open, calls } = await makeTable(makeBlocks(), { blockBytes: 64 });
  const table = open();
  expect(drain(table.entries(Buffer.from('k3'), Buffer.from('k5')))).toHaveLength(2);
  expect(calls.filter((call) => call.startsWith('scan/sst.read'))).toHaveLength(2);
  const backwards = open();
  calls.length = 0;
  expect(drain(backwards.reversed(Buffer.from('k5'), Buffer.from('k7')))).toHaveLength(2);
  expect(calls.filter((call) => call.startsWith('scan/sst.read'))).toHaveLength(2);
});

test('closing lets go of the file and of the cached blocks', async () => {
  const { open, cache } = await makeTable(makeBlocks(), { blockBytes: 64 });
  const table = open();
  table.find(Buffer.from('k3'), 99);
  table.close();
  expect(cache.stats.bytes).toBe(0);
  expect(() => table.find(Buffer.from('k3'), 99)).toThrow('its table was closed');
});

test('the sidecar that was written is used', async () => {
  const { open, files } = await makeTable(makeBlocks());
  const table = open();
  expect(table.filterRebuilt).toBe(false);
  expect(encodeBloom(1, table.filter)).toEqual(new Uint8Array(files.get(BLOOM) ?? []));
});

test('a missing sidecar is made anew from the table', async () => {
  const { open, files, calls } = await makeTable(makeBlocks(), { blockBytes: 64 });
  files.delete(BLOOM);
  const table = open();
  expect(table.filterRebuilt).toBe(true);
  for (const { key } of makeBlocks()) expect(table.mayContain(key)).toBe(true);
  expect(table.mayContain(Buffer.from('absent'))).toBe(false);
  expect(calls.filter((call) => call.startsWith('recovery/sst.read'))).toHaveLength(4 + 10);
});

test('an I/O error of the platform is passed on, not taken for damage', async () => {
  const { open, files, environment, meta, options, hashes } = await makeTable(makeBlocks());
  const refuse = (): never => {
    throw Object.assign(new Error('EIO'), { code: 'EIO' });
  };
  const vfs = { ...environment.vfs, open: refuse };
  const context = { environment: { ...environment, vfs }, options, hashes };
  expect(() => Table.open(context, meta, makeShared(context))).toThrow('EIO');
  files.delete(SST);
  expect(open).toThrow('missing');
});

function isInside(key: Uint8Array, from: Uint8Array | undefined, before: Uint8Array | undefined): boolean {
  if (from !== undefined && compareKeys(key, from) < 0) return false;
  return before === undefined || compareKeys(key, before) < 0;
}

function same(found: readonly (Entry | undefined)[], expected: readonly (Entry | undefined)[]): boolean {
  if (found.length !== expected.length) return false;
  return found.every((entry, index) => {
    const other = expected[index];
    if (entry === undefined || other === undefined) return entry === other;
    return (
      compareEntries(entry, other) === 0 &&
      entry.kind === other.kind &&
      compareKeys(entry.value, other.value) === 0
    );
  });
}
