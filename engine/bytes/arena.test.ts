import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteArena } from './arena.js';

/** Sizes that V8 keeps in its heap, that are cut from chunks, and that are made on their own. */
const size = fc.oneof(fc.nat({ max: 80 }), fc.nat({ max: 5_000 }), fc.constantFrom(64, 65, 4_096, 4_097));

test('every array has its size, and no two share a byte', () => {
  fc.assert(
    fc.property(fc.array(size, { maxLength: 60 }), (sizes) => {
      const arena = new ByteArena();
      const taken = sizes.map((length) => arena.take(length));
      for (const [index, bytes] of taken.entries()) bytes.fill(index);
      expect(taken.map(({ length }) => length)).toEqual(sizes);
      expect(taken.every((bytes, index) => bytes.every((byte) => byte === index))).toBe(true);
    }),
  );
});

test('a copy has the same bytes and shares none', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 10 }), (all) => {
      const arena = new ByteArena();
      const originals = all.map((bytes) => Buffer.from(bytes));
      const copies = originals.map((bytes) => arena.copy(bytes));
      for (const bytes of originals) bytes.fill(0);
      expect(copies).toEqual(all);
    }),
  );
});

test('a small array never holds on to more than a chunk', () => {
  const arena = new ByteArena();
  const lengths = [1, 64, 65, 4_096].map((length) => arena.take(length).buffer.byteLength);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(16 * 1024);
  expect(arena.take(5_000).buffer.byteLength).toBe(5_000);
});
