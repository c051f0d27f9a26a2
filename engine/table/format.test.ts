import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Entry } from '../entry.js';
import { Peekable } from '../iterator/peekable.js';
import type { EngineOptions } from '../options.js';
import { BlockBuilder } from './block.js';
import { BlockReader } from './block-reader.js';
import { writeTable } from './builder.js';
import { decodeFooter, decodeProperties, FOOTER_BYTES } from './format.js';
import { unlessCorrupt } from './table-test-arbitraries.js';
import { readBlock, TRAILER_BYTES } from './trailer.js';
import { makeTestEnvironment } from './table-test-vfs.js';
import { drain, iterate } from '../iterator/iterator-test-entries.js';

/** The examples of FORMAT.md are what the builder writes: table 7 with a value and a tombstone, and its sidecar. */
const ENTRIES: readonly Entry[] = [
  { key: Buffer.from('cat'), sequence: 300, kind: 'value', value: Buffer.from('nine') },
  { key: Buffer.from('cow'), sequence: 301, kind: 'tombstone', value: new Uint8Array(0) },
];

const SEED_HALVES = [0x01020304, 0x05060708, 0x11121314, 0x15161718];

async function writeExample(path: string, given: Partial<EngineOptions> = {}): Promise<string> {
  const { environment, options, hashes, files } = makeTestEnvironment(given);
  const halves = SEED_HALVES.values();
  const randomUint32 = () => halves.next().value ?? 0;
  const context = { environment: { ...environment, randomUint32 }, options, hashes };
  await writeTable(context, 0, 7, new Peekable(iterate(ENTRIES)), 'flush');
  return Buffer.from(files.get(path) ?? new Uint8Array(0)).toString('hex');
}

/** The bytes of a block marked `hex` below a heading: on each line hex digits, then two spaces and words. */
async function exampleBelow(heading: string, number = 0): Promise<string> {
  const document = await readFile(new URL('../FORMAT.md', import.meta.url), 'utf8');
  const section = document.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const block = [...section.matchAll(/^```hex\n(.*?)^```$/gms)][number]?.[1] ?? '';
  return block
    .split('\n')
    .map((line) => line.split('  ')[0])
    .join('')
    .replaceAll(' ', '');
}

test('the table in FORMAT.md is what the builder writes', async () => {
  expect(await exampleBelow('SSTable')).toBe(await writeExample('l0/000007.sst'));
});

test('the compressed block in FORMAT.md is read as the entry that it says, and so is what is written today', async () => {
  const value = new Uint8Array(Buffer.from('nine '.repeat(9)));
  const entry: Entry = { key: new Uint8Array(Buffer.from('cat')), sequence: 300, kind: 'value', value };
  const builder = new BlockBuilder(16);
  builder.add(entry);
  for (const stored of [Buffer.from(await exampleBelow('SSTable', 1), 'hex'), builder.seal('deflate')]) {
    const file = { path: 'l0/000007.sst', read: () => stored };
    expect(stored.at(-TRAILER_BYTES)).toBe(1);
    const block = readBlock(file, 0, stored.length - TRAILER_BYTES, 'get/sst.read');
    expect(drain(new BlockReader(file.path, 0, block).entries())).toEqual([entry]);
  }
});

test.each([
  ['standard', 0],
  ['blocked', 1],
] as const)('the %s sidecar in FORMAT.md is what the builder writes', async (bloomKind, number) => {
  const written = await writeExample('l0/000007.bloom', { bloomKind });
  expect(await exampleBelow('Bloom sidecar', number)).toBe(written);
});

test('arbitrary bytes as properties or footer are read or reported as damage', () => {
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.uint8Array({ minLength: FOOTER_BYTES, maxLength: FOOTER_BYTES }),
  );
  fc.assert(
    fc.property(garbage, (bytes) => {
      unlessCorrupt(() => decodeProperties('l0/000007.sst', 315, bytes));
      const footer = unlessCorrupt(() => decodeFooter('l0/000007.sst', 315 + FOOTER_BYTES, bytes));
      expect(footer).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});
