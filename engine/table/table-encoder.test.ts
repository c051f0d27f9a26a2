import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareEntries, compareKeys, type Entry } from '../entry.js';
import { DEFAULT_OPTIONS } from '../options.js';
import { TableEncoder } from './table-encoder.js';
import { arbitraryEntries, arbitraryKey } from './table-test-arbitraries.js';

const options = { ...DEFAULT_OPTIONS, blockBytes: 64, restartInterval: 2 };
const entry = fc.record({
  key: arbitraryKey,
  sequence: fc.integer({ min: 1, max: 3 }),
  kind: fc.constant('value' as const),
  value: fc.constant(new Uint8Array(0)),
});

test('an entry is refused exactly where it does not come after the one before', () => {
  fc.assert(
    fc.property(entry, entry, fc.boolean(), (first, second, sameKey) => {
      const next: Entry = sameKey ? { ...second, key: Uint8Array.from(first.key) } : second;
      const encoder = new TableEncoder(1, options);
      encoder.add(first);
      if (compareEntries(first, next) < 0) expect(() => encoder.add(next)).not.toThrow();
      else expect(() => encoder.add(next)).toThrow('not in order');
    }),
    { numRuns: 500 },
  );
});

test('it knows which entries open a key, and counts those', () => {
  fc.assert(
    fc.property(arbitraryEntries, (entries) => {
      const encoder = new TableEncoder(1, options);
      let keys = 0;
      for (const [place, one] of entries.entries()) {
        encoder.add(one);
        const before = entries[place - 1];
        const opens = before === undefined || compareKeys(before.key, one.key) !== 0;
        expect(encoder.lastOpensKey).toBe(opens);
        if (opens) keys++;
      }
      encoder.finishBlock();
      expect(encoder.finish(0).meta.keys).toBe(keys);
    }),
  );
});

test('a block is good until the next call only: whoever keeps it copies it', () => {
  const encoder = new TableEncoder(1, options);
  const value = new Uint8Array(60);
  const first = encoder.add({ key: Uint8Array.of(1), sequence: 1, kind: 'value', value });
  const copy = first?.slice();
  const second = encoder.add({ key: Uint8Array.of(2), sequence: 2, kind: 'value', value });
  expect(second?.buffer).toBe(first?.buffer);
  expect(first).not.toEqual(copy);
});

test('after a value of megabytes a table does not hold on to a buffer of that size', () => {
  const encoder = new TableEncoder(1, options);
  const value = new Uint8Array(4 * 1024 * 1024);
  const large = encoder.add({ key: Uint8Array.of(1), sequence: 1, kind: 'value', value });
  expect(large?.length).toBeGreaterThan(value.length);
  const small = encoder.add({
    key: Uint8Array.of(2),
    sequence: 2,
    kind: 'value',
    value: value.subarray(0, 60),
  });
  expect(small?.buffer.byteLength).toBeLessThan(64 * 1024);
});
