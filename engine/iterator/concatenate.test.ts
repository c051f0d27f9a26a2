import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry } from '../entry.js';
import { concatenateEntries } from './concatenate.js';
import { drain, iterate } from './iterator-test-entries.js';

const entry = (sequence: number): Entry => ({
  key: Uint8Array.of(sequence),
  sequence,
  kind: 'value',
  value: new Uint8Array(0),
});

test('gives the entries of all parts, empty ones included, one after another', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat({ max: 255 }), { maxLength: 4 }), { maxLength: 8 }), (parts) => {
      const all = drain(concatenateEntries(parts, (part) => iterate(part.map(entry))));
      expect(all.map(({ sequence }) => sequence)).toEqual(parts.flat());
    }),
  );
});

test('a part is opened when it is reached, not before, and once', () => {
  const opened: number[] = [];
  const cursor = concatenateEntries([1, 2, 3], (part) => {
    opened.push(part);
    return iterate([entry(part)]);
  });
  expect(opened).toEqual([]);
  cursor.next();
  expect(opened).toEqual([1]);
  expect(drain(cursor)).toHaveLength(2);
  expect(opened).toEqual([1, 2, 3]);
});
