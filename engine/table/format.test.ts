import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Entry } from '../entry.js';
import { Peekable } from '../iterator/peekable.js';
import { writeTable } from './builder.js';
import { decodeFooter, decodeProperties, FOOTER_BYTES } from './format.js';
import { unlessCorrupt } from './table-test-arbitraries.js';
import { makeTestEnvironment } from './table-test-vfs.js';
import { iterate } from '../iterator/iterator-test-entries.js';

/** The examples of FORMAT.md are what the builder writes: table 7 with a value and a tombstone, and its sidecar. */
const ENTRIES: readonly Entry[] = [
  { key: Buffer.from('cat'), sequence: 300, kind: 'value', value: Buffer.from('nine') },
  { key: Buffer.from('cow'), sequence: 301, kind: 'tombstone', value: new Uint8Array(0) },
];

const SEED_HALVES = [0x01020304, 0x05060708, 0x11121314, 0x15161718];

async function writeExample(path: string): Promise<Uint8Array> {
  const { environment, options, hashes, files } = makeTestEnvironment();
  const halves = SEED_HALVES.values();
  const randomUint32 = () => halves.next().value ?? 0;
  const context = { environment: { ...environment, randomUint32 }, options, hashes };
  await writeTable(context, 0, 7, new Peekable(iterate(ENTRIES)), 'flush');
  return files.get(path) ?? new Uint8Array(0);
}

/** The bytes of the first block marked `hex` below a heading: on each line hex digits, then two spaces and words. */
async function exampleBelow(heading: string): Promise<string> {
  const document = await readFile(new URL('../FORMAT.md', import.meta.url), 'utf8');
  const section = document.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const block = /^```hex\n(.*?)^```$/ms.exec(section)?.[1] ?? '';
  return block
    .split('\n')
    .map((line) => line.split('  ')[0])
    .join('')
    .replaceAll(' ', '');
}

test('the table in FORMAT.md is what the builder writes', async () => {
  const written = await writeExample('l0/000007.sst');
  expect(await exampleBelow('SSTable')).toBe(Buffer.from(written).toString('hex'));
});

test('the sidecar in FORMAT.md is what the builder writes', async () => {
  const written = await writeExample('l0/000007.bloom');
  expect(await exampleBelow('Bloom sidecar')).toBe(Buffer.from(written).toString('hex'));
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
