import { expect, test } from 'vitest';
import type { Entry } from '../entry.js';
import { iterate } from '../iterator/iterator-test-entries.js';
import { Peekable } from '../iterator/peekable.js';
import { writeTable } from '../table/builder.js';
import type { TableMeta } from '../table/meta.js';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import { sealBlock } from '../table/trailer.js';
import type { VfsFile } from '../vfs/vfs.js';
import { checkTable, type CheckedTable, type LoadedFilter } from './check-table.js';
import type { Finding } from './finding.js';
import { hashes } from './inspect-test-database.js';
import { readBlocks, readFilter, readFooter } from './table-parts.js';
import { fileOfBytes } from './whole-file.js';

const SST = 'l0/000001.sst';
const BLOOM = 'l0/000001.bloom';

/** Ten keys and three versions of one of them, in blocks of a few entries each. */
const ENTRIES: readonly Entry[] = [
  ...Array.from({ length: 10 }, (_, index) => entry(`key-${index}`, index + 1)),
  ...[33, 32, 31].map((sequence) => entry('many', sequence, 'x'.repeat(40))),
];

function entry(key: string, sequence: number, value = 'value'): Entry {
  return { key: Buffer.from(key), sequence, kind: 'value', value: Buffer.from(value) };
}

async function makeTable() {
  const environment = makeTestEnvironment({ blockBytes: 64, restartInterval: 2 });
  const meta = await writeTable(environment, 0, 1, new Peekable(iterate(ENTRIES)), 'flush');
  const bytes = environment.files.get(SST) ?? new Uint8Array(0);
  const bloom = fileOfBytes(BLOOM, environment.files.get(BLOOM) ?? new Uint8Array(0));
  const filter = { path: BLOOM, filter: readFilter(bloom, 1, hashes) };
  return { meta, bytes, file: fileOfBytes(SST, bytes), filter };
}

function placesOf(file: VfsFile) {
  return [...readBlocks(file, readFooter(file)).places()];
}

function check(
  file: VfsFile,
  meta: TableMeta,
  filter?: LoadedFilter,
): { findings: Finding[]; checked: CheckedTable } {
  const steps = checkTable(file, meta, filter);
  const findings: Finding[] = [];
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { findings, checked: step.value };
    findings.push(step.value);
  }
}

test('a table that was written well is sound, and its blocks are given', async () => {
  const { meta, file, filter } = await makeTable();
  const { findings, checked } = check(file, meta, filter);
  expect(findings).toEqual([]);
  expect(checked).toMatchObject({ entries: 13 });
  const places = [...(checked.sound?.places() ?? [])];
  expect(places).toHaveLength(checked.blocks);
  expect(checked.blocks).toBeGreaterThan(3);
  // Some block begins with a key of the block before, so that is looked at, too.
  expect(places.some(({ continues }) => continues)).toBe(true);
});

test.each<[string, Partial<TableMeta>, RegExp]>([
  ['entries', { entries: 12 }, /entries is 13, but the MANIFEST says 12/],
  ['size', { bytes: 1 }, /expected 1 bytes, found/],
  ['largest key', { largest: Buffer.from('z') }, /the largest key is not the one in the MANIFEST/],
  ['number', { number: 2 }, /number is 1, but the MANIFEST says 2/],
  ['keys', { keys: 13 }, /by its blocks keys is 11, but the MANIFEST says 13/],
])('another %s than the MANIFEST says is a fault', async (_, change, what) => {
  const { meta, file } = await makeTable();
  const { findings, checked } = check(file, { ...meta, ...change });
  expect(findings).toMatchObject([{ kind: 'fault', file: SST, what: expect.stringMatching(what) as string }]);
  expect(checked.sound).toBeUndefined();
});

test('each block that is damaged is one fault at its offset, and the others are read', async () => {
  const { meta, bytes, file } = await makeTable();
  const places = placesOf(file);
  const damaged = Uint8Array.from(bytes);
  for (const { offset } of [places[1], places[3]] as { offset: number }[]) damaged[offset + 2]! ^= 0xff;
  const { findings, checked } = check(fileOfBytes(SST, damaged), meta);
  expect(findings.map(({ kind, offset }) => [kind, offset])).toEqual([
    ['fault', places[1]?.offset],
    ['fault', places[3]?.offset],
  ]);
  expect(checked.entries).toBeGreaterThan(4);
});

test('a filter that denies a key is a fault of the filter, though nothing of it is damaged', async () => {
  const { meta, file, filter } = await makeTable();
  filter.filter.bits.fill(0);
  const { findings } = check(file, meta, filter);
  expect(findings).toMatchObject([
    { kind: 'fault', file: BLOOM, what: expect.stringContaining('"key-0" is absent') as string },
  ]);
});

test.each([1, 0xffff_fff0])(
  'a restart point at byte %s, where no entry begins, is a fault, though the checksum is right',
  async (start) => {
    const { meta, bytes, file } = await makeTable();
    const place = placesOf(file).at(-2);
    if (place === undefined) throw new Error('Expected a block.');
    const block = Uint8Array.from(bytes.subarray(place.offset, place.offset + place.bytes));
    const restarts = new DataView(block.buffer).getUint32(block.length - 4, true);
    const last = block.length - 4 - 4;
    expect(restarts).toBeGreaterThan(0);
    new DataView(block.buffer).setUint32(last, start, true);
    const damaged = Uint8Array.from(bytes);
    damaged.set(sealBlock(block), place.offset);
    const { findings } = check(fileOfBytes(SST, damaged), meta);
    expect(findings).toMatchObject([
      {
        kind: 'fault',
        file: SST,
        offset: place.offset,
        what: expect.stringContaining('restart point') as string,
      },
    ]);
  },
);

test('two blocks that changed places are two faults', async () => {
  const { meta, bytes, file } = await makeTable();
  const places = placesOf(file);
  const pair = places.slice(0, -1).findIndex(({ bytes: size }, index) => size === places[index + 1]?.bytes);
  const [left, right] = [places[pair], places[pair + 1]];
  if (left === undefined || right === undefined) throw new Error('Expected two blocks of one size.');
  const sealed = (offset: number) => bytes.subarray(offset, offset + left.bytes + 5);
  const swapped = Uint8Array.from(bytes);
  swapped.set(sealed(right.offset), left.offset);
  swapped.set(sealed(left.offset), right.offset);
  const { findings } = check(fileOfBytes(SST, swapped), meta);
  expect(findings.map(({ offset, what }) => [offset, what])).toEqual(
    [left, right].map(({ offset }) => [offset, 'the block does not begin with the entry its index names']),
  );
});

test('a file that is no table is one fault', async () => {
  const { meta } = await makeTable();
  const { findings } = check(fileOfBytes(SST, new Uint8Array(meta.bytes)), meta);
  expect(findings).toMatchObject([{ kind: 'fault', what: 'the magic of a table is missing' }]);
});
