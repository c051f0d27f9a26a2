import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePlace, IndexBuilder } from './index-block.js';
import { BlockReader } from './block-reader.js';
import { drain } from '../iterator/iterator-test-entries.js';
import { unlessCorrupt } from './table-test-arbitraries.js';

const FILE = 'l0/000001.sst';

test('an index entry is the first entry of a block, with its place as the value', () => {
  const builder = new IndexBuilder(2);
  const place = { offset: 300, size: 4_100, continues: true };
  builder.add({ firstKey: Buffer.from('cat'), firstSequence: 9, ...place });
  const [entry] = drain(new BlockReader(FILE, 0, builder.finish()).entries());
  expect(entry).toMatchObject({ key: Uint8Array.from(Buffer.from('cat')), sequence: 9, kind: 'value' });
  expect(entry?.value).toEqual(Uint8Array.of(0xac, 0x02, 0x84, 0x20, 1));
  expect(decodePlace(FILE, 0, entry?.value ?? new Uint8Array(0))).toEqual(place);
});

test('arbitrary bytes as a place are read whole or reported as damage', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
      const place = unlessCorrupt(() => decodePlace(FILE, 0, bytes));
      if (place !== undefined) expect([0, 1]).toContain(bytes.at(-1));
    }),
  );
  expect(() => decodePlace(FILE, 0, Uint8Array.of(0, 29, 2))).toThrow('not an offset, a size and a flag');
  expect(() => decodePlace(FILE, 0, Uint8Array.of(0, 29, 1, 0))).toThrow('not an offset, a size and a flag');
});
