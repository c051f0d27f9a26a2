import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareEntries, compareKeys } from '../entry.js';
import { BlockBuilder, encodeBlock } from './block.js';
import { BlockReader } from './block-reader.js';
import { arbitraryEntries, arbitraryKey, unlessCorrupt } from './table-test-arbitraries.js';
import { drain } from '../iterator/iterator-test-entries.js';

const restartInterval = fc.integer({ min: 1, max: 20 });
const read = (bytes: Uint8Array) => new BlockReader('l0/000001.sst', 0, bytes);

test('a block gives back the entries put in', () => {
  fc.assert(
    fc.property(arbitraryEntries, restartInterval, (entries, interval) => {
      const block = read(encodeBlock(entries, interval));
      expect(drain(block.entries())).toEqual(entries.map(asPlainBytes));
      expect(drain(block.reversed())).toEqual(entries.map(asPlainBytes).reverse());
    }),
  );
});

test('seeking finds what a walk over a sorted array finds', () => {
  const sequence = fc.integer({ min: 0, max: 61 });
  fc.assert(
    fc.property(arbitraryEntries, restartInterval, arbitraryKey, sequence, (entries, interval, key, at) => {
      const block = read(encodeBlock(entries, interval));
      const target = { key, sequence: at, kind: 'value', value: new Uint8Array(0) } as const;
      const rest = entries.filter((entry) => compareEntries(entry, target) >= 0).map(asPlainBytes);
      const [next] = rest;
      const found = next === undefined ? 'further' : compareKeys(next.key, key) === 0 ? next : 'absent';
      expect(block.find(key, at)).toEqual(found);
      expect(drain(block.entriesFrom(key, at))).toEqual(rest);
    }),
  );
});

test('the builder knows the size of the block before it is finished', () => {
  fc.assert(
    fc.property(arbitraryEntries, restartInterval, (entries, interval) => {
      const builder = new BlockBuilder(interval);
      for (const entry of entries) builder.add(entry);
      const { bytes } = builder;
      expect(builder.finish().length).toBe(bytes);
    }),
  );
});

test('keys that share a prefix are stored without it', () => {
  const key = (end: string) => Buffer.from('a-long-common-prefix-' + end);
  const entries = ['a', 'b', 'c', 'd'].map((end, index) => {
    return { key: key(end), sequence: index + 1, kind: 'tombstone', value: new Uint8Array(0) } as const;
  });
  expect(encodeBlock(entries, 1).length - encodeBlock(entries, 4).length).toBe(3 * (21 + 4));
});

test('restart points that are no entries, or not in order, are damage to a reader from the end', () => {
  const entries = ['a', 'b', 'c'].map((key, index) => {
    return {
      key: Buffer.from(key),
      sequence: index + 1,
      kind: 'tombstone',
      value: new Uint8Array(0),
    } as const;
  });
  const block = Uint8Array.from(encodeBlock(entries, 1));
  const [second, third] = [block.length - 12, block.length - 8];
  const swapped = Uint8Array.from(block);
  swapped.copyWithin(second, third, third + 4);
  swapped.set(block.subarray(second, third), third);
  expect(() => drain(read(swapped).reversed())).toThrow('no entry at restart point');
  const inside = Uint8Array.from(block);
  inside[second] = (inside[second] ?? 0) + 1;
  expect(() => drain(read(inside).reversed())).toThrow('truncated');
  const first = Uint8Array.from(block);
  first[second - 4] = 1;
  expect(() => read(first)).toThrow('not at the first entry');
});

test('a small block cannot ask for much memory: keys are no longer than keys may be, and intervals have an end', () => {
  const entry = (key: Uint8Array, sequence: number) => {
    return { key, sequence, kind: 'tombstone', value: new Uint8Array(0) } as const;
  };
  const longest = new Uint8Array(65_535).fill(7);
  const many = (count: number) => {
    const entries = Array.from({ length: count }, (_, index) => entry(longest, count - index));
    return read(Uint8Array.from(encodeBlock(entries, 2_000)));
  };
  expect(drain(many(1_024).reversed())).toHaveLength(1_024);
  // 70 KiB that are 65 MiB of keys, and might be any number of times as much.
  const block = many(1_025);
  expect(block.bytes.length).toBeLessThan(80_000);
  expect(() => block.reversed().next()).toThrow('more than 1024 entries');
  expect(block.find(longest, 1)).toMatchObject({ sequence: 1 });
  const longer = [entry(longest, 2), entry(Uint8Array.from([...longest, 1]), 1)];
  for (const interval of [1, 2]) {
    const cursor = read(Uint8Array.from(encodeBlock(longer, interval))).entries();
    expect(cursor.next()).toMatchObject({ sequence: 2 });
    expect(() => cursor.next()).toThrow('a key of 65536 bytes');
  }
});

test('a good block that is changed anywhere is read as entries or reported as damage, within as many steps as it has bytes', () => {
  const change = fc.tuple(fc.nat(), fc.nat({ max: 255 }));
  fc.assert(
    fc.property(
      arbitraryEntries,
      restartInterval,
      fc.array(change, { minLength: 1, maxLength: 4 }),
      arbitraryKey,
      (entries, interval, changes, key) => {
        const bytes = Uint8Array.from(encodeBlock(entries, interval));
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        const found = [
          unlessCorrupt(() => drain(read(bytes).entries())),
          unlessCorrupt(() => drain(read(bytes).reversed())),
          unlessCorrupt(() => drain(read(bytes).entriesFrom(key, 1))),
        ];
        for (const some of found) expect(some?.length ?? 0).toBeLessThan(bytes.length);
        unlessCorrupt(() => read(bytes).find(key, 1));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('arbitrary bytes are read as entries or reported as damage', () => {
  const restarts = fc.integer({ min: 0, max: 3 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), restarts, arbitraryKey, (garbage, count, key) => {
      const bytes = Buffer.concat([garbage, Uint8Array.of(count, 0, 0, 0)]);
      for (const block of [garbage, bytes]) {
        unlessCorrupt(() => drain(read(block).entries()));
        unlessCorrupt(() => drain(read(block).reversed()));
        unlessCorrupt(() => drain(read(block).entriesFrom(key, 1)));
        unlessCorrupt(() => read(block).find(key, 1));
      }
    }),
    { numRuns: 1_000 },
  );
});

/** Equal bytes in the class that the reader gives, so that `toEqual` looks at the bytes alone. */
function asPlainBytes<Item extends { key: Uint8Array; value: Uint8Array }>(entry: Item): Item {
  return { ...entry, key: Uint8Array.from(entry.key), value: Uint8Array.from(entry.value) };
}
