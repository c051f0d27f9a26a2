import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from '../bytes/crc.js';
import { ByteWriter } from '../bytes/writer.js';
import { compareKeys, type Entry } from '../entry.js';
import { EngineError } from '../errors.js';
import type { EngineOptions } from '../options.js';
import { Peekable } from '../iterator/peekable.js';
import { encodeBlock } from './block.js';
import { writeTable } from './builder.js';
import { decodeFooter, FOOTER_BYTES } from './format.js';
import { Table } from './reader.js';
import { TableIndex } from './table-index.js';
import { arbitraryEntries, arbitraryOptions, unlessCorrupt } from './table-test-arbitraries.js';
import { makeShared, makeTestEnvironment } from './table-test-vfs.js';
import { drain, iterate } from '../iterator/iterator-test-entries.js';

/**
 * Damage at rest, done to the files of a table that was written well: what comes back is the right answer or
 * ENGINE_CORRUPT, never a wrong value and never another error.
 */
const SST = 'l0/000001.sst';
const BLOOM = 'l0/000001.bloom';

async function makeTable(entries: readonly Entry[], given: Partial<EngineOptions> = {}) {
  const environment = makeTestEnvironment({ blockBytes: 64, restartInterval: 2, ...given });
  const meta = await writeTable(environment, 0, 1, new Peekable(iterate(entries)), 'flush');
  const sst = environment.files.get(SST) ?? new Uint8Array(0);
  const bloom = environment.files.get(BLOOM) ?? new Uint8Array(0);
  const open = () => Table.open(environment, meta, makeShared(environment, 1_000));
  return { ...environment, meta, sst, bloom, open };
}

/** Nine versions of six keys, in several blocks. */
const ENTRIES = ['a', 'ab', 'ab', 'b', 'b', 'b', 'c', 'cc', 'd'].map((key, index): Entry => {
  const kind = index % 4 === 3 ? 'tombstone' : 'value';
  const value = kind === 'value' ? Buffer.alloc(index * 4, index) : Buffer.alloc(0);
  return { key: Buffer.from(key), sequence: 20 - index, kind, value };
});

function flip(bytes: Uint8Array, offset: number, mask: number): Uint8Array {
  const damaged = Uint8Array.from(bytes);
  damaged[offset] = (damaged[offset] ?? 0) ^ mask;
  return damaged;
}

/** Asks everything of a table; gives how many answers were refused because of damage. */
function checkAnswers(open: () => Table, entries: readonly Entry[]): number {
  const table = unlessCorrupt(open);
  if (table === undefined) return 1;
  let refused = 0;
  const all = unlessCorrupt(() => drain(table.entries()));
  if (all === undefined) refused++;
  else expect(all.map(plain)).toEqual(entries.map(plain));
  for (const entry of entries) {
    const answer = unlessCorrupt(() => [table.find(entry.key, entry.sequence)]);
    if (answer === undefined) refused++;
    else expect(answer.map((found) => found && plain(found))).toEqual([plain(entry)]);
    expect(table.mayContain(entry.key)).toBe(true);
  }
  return refused;
}

const plain = ({ key, sequence, kind, value }: Entry) => [
  Buffer.from(key).toString('hex'),
  sequence,
  kind,
  Buffer.from(value).toString('hex'),
];

test('a flipped byte anywhere in the table is noticed, and no answer is wrong', async () => {
  const { files, sst, open } = await makeTable(ENTRIES);
  for (const offset of sst.keys()) {
    files.set(SST, flip(sst, offset, 1 << (offset % 8)));
    expect(checkAnswers(open, ENTRIES), `byte ${offset}`).toBeGreaterThan(0);
  }
});

test('a flipped byte in an arbitrary table, compressed or not, gives no wrong answer', async () => {
  const mask = fc.integer({ min: 1, max: 255 });
  await fc.assert(
    fc.asyncProperty(
      arbitraryEntries,
      arbitraryOptions,
      fc.nat(),
      mask,
      async (entries, options, at, bits) => {
        const { files, sst, open } = await makeTable(entries, options);
        files.set(SST, flip(sst, at % sst.length, bits));
        expect(checkAnswers(open, entries)).toBeGreaterThan(0);
      },
    ),
  );
});

test('blocks that were changed and sealed anew give entries or ENGINE_CORRUPT, and end', async () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(arbitraryEntries, fc.nat(), changes, async (entries, which, all) => {
      const { files, sst, open } = await makeTable(entries);
      const places = blocksOf(sst);
      const { offset, size } = places[which % places.length] ?? { offset: 0, size: 0 };
      const bytes = Uint8Array.from(sst);
      // The compression byte may change as well.
      for (const [at, byte] of all) bytes[offset + (at % (size + 1))] = byte;
      writeChecksum(bytes, offset, size);
      files.set(SST, bytes);
      const table = unlessCorrupt(open);
      if (table === undefined) return;
      for (const read of ['entries', 'reversed'] as const) {
        const found = unlessCorrupt(() => drain(table[read]()));
        // The smallest entry has five bytes.
        if (found !== undefined) expect(found.length).toBeLessThan(bytes.length);
      }
      for (const { key } of entries) unlessCorrupt(() => table.find(key, 99));
    }),
    { numRuns: 1_000 },
  );
});

test('the report names the file and the offset of the damaged block', async () => {
  const { files, sst, open } = await makeTable(ENTRIES);
  const table = open();
  files.set(SST, flip(sst, 3, 1));
  const error = caught(() => table.find(Buffer.from('a'), 99));
  expect([error.code, error.file, error.offset]).toEqual(['ENGINE_CORRUPT', SST, 0]);
});

test('a cut table does not open', async () => {
  const { files, sst, open } = await makeTable(ENTRIES);
  for (let length = 0; length < sst.length; length++) {
    files.set(SST, sst.subarray(0, length));
    expect(caught(open).code).toBe('ENGINE_CORRUPT');
  }
});

test('arbitrary bytes as a table are reported, also where their length is right', async () => {
  const { files, sst, open } = await makeTable(ENTRIES);
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.uint8Array({ minLength: sst.length, maxLength: sst.length }),
  );
  fc.assert(
    fc.property(garbage, (bytes) => {
      files.set(SST, bytes);
      expect(caught(open).code).toBe('ENGINE_CORRUPT');
    }),
  );
});

test('the file of another table is not taken for this one', async () => {
  const { environment, options, hashes, files, open } = await makeTable(ENTRIES);
  const context = { environment, options, hashes };
  await writeTable(context, 0, 2, new Peekable(iterate(ENTRIES)), 'flush');
  files.set(SST, files.get('l0/000002.sst') ?? new Uint8Array(0));
  expect(caught(open).message).toContain('number is 2, but the MANIFEST says 1');
});

test('two blocks that changed places are noticed', async () => {
  const entries = ['a', 'b'].map((key, index): Entry => {
    return { key: Buffer.from(key), sequence: index + 1, kind: 'value', value: Buffer.alloc(60) };
  });
  const { files, sst, open } = await makeTable(entries);
  const size = 5 + 1 + 60 + 8 + 5;
  const swapped = [sst.subarray(size, 2 * size), sst.subarray(0, size), sst.subarray(2 * size)];
  files.set(SST, Buffer.concat(swapped));
  expect(checkAnswers(open, entries)).toBe(3);
});

/** Where the blocks of a table lie: data, index and properties. */
function blocksOf(sst: Uint8Array): { readonly offset: number; readonly size: number }[] {
  const footer = decodeFooter(SST, sst.length, sst.subarray(sst.length - FOOTER_BYTES));
  const { indexOffset, indexBytes, propertiesOffset, propertiesBytes } = footer;
  const index = TableIndex.decode(SST, indexOffset, sst.subarray(indexOffset, indexOffset + indexBytes));
  const data = Array.from({ length: index.length }, (_, position) => {
    return { offset: index.offsetOf(position), size: index.sizeOf(position) };
  });
  return [
    ...data,
    { offset: indexOffset, size: indexBytes },
    { offset: propertiesOffset, size: propertiesBytes },
  ];
}

function writeChecksum(bytes: Uint8Array, offset: number, size: number): void {
  const checksum = crc32(bytes.subarray(offset, offset + size + 1));
  new DataView(bytes.buffer).setUint32(offset + size + 1, checksum, true);
}

test('a compression that is not known is named', async () => {
  const entries = ENTRIES.slice(0, 1);
  const { files, sst, open } = await makeTable(entries);
  const block = Buffer.concat([encodeBlock(entries, 2), Uint8Array.of(7)]);
  const crc = new ByteWriter().u32(crc32(block)).finish();
  files.set(SST, Buffer.concat([block, crc, sst.subarray(block.length + 4)]));
  const table = open();
  expect(caught(() => table.find(Buffer.from('a'), 99)).message).toContain('compression 7');
});

test('a flipped byte in the sidecar never makes a key absent', async () => {
  const { files, bloom, open } = await makeTable(ENTRIES);
  for (const offset of bloom.keys()) {
    files.set(BLOOM, flip(bloom, offset, 1 << (offset % 8)));
    const table = open();
    expect(table.filterRebuilt).toBe(true);
    for (const { key } of ENTRIES) expect(table.mayContain(key)).toBe(true);
  }
});

test('a cut or arbitrary sidecar is made anew', async () => {
  const { files, bloom, open } = await makeTable(ENTRIES);
  fc.assert(
    fc.property(fc.nat({ max: bloom.length - 1 }), fc.uint8Array({ maxLength: 60 }), (kept, garbage) => {
      files.set(BLOOM, Buffer.concat([bloom.subarray(0, kept), garbage]));
      fc.pre(compareKeys(files.get(BLOOM) ?? bloom, bloom) !== 0);
      const table = open();
      expect(table.filterRebuilt).toBe(true);
      for (const { key } of ENTRIES) expect(table.mayContain(key)).toBe(true);
    }),
  );
});

function caught(run: () => unknown): EngineError {
  try {
    run();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('Expected an EngineError, got an answer.');
}
