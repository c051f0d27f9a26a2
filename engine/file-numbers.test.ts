import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FileNumbers } from './file-numbers.js';

test('numbers go up from the first one, and nextNumber is above all that were taken', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e12 }), fc.integer({ min: 1, max: 50 }), (first, count) => {
      const numbers = new FileNumbers(first);
      const taken = Array.from({ length: count }, () => numbers.take());
      expect(taken).toEqual(taken.map((_, index) => first + index));
      expect(numbers.nextNumber).toBe(first + count);
    }),
  );
});

test('a file is pending from begin to settle', () => {
  const numbers = new FileNumbers(1);
  numbers.begin({ kind: 'wal', number: 2 }, { kind: 'table', number: 1, level: 3 });
  expect(numbers.pending()).toEqual(['l3/000001.sst', 'wal/000002.wal']);
  numbers.settle({ kind: 'table', number: 1, level: 3 });
  numbers.settle({ kind: 'bloom', number: 1, level: 3 });
  expect(numbers.pending()).toEqual(['wal/000002.wal']);
});
