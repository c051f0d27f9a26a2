import { expect, test } from 'vitest';
import { nearest } from './nearest.js';

test('the nearest word is the one with the fewest letters to change', () => {
  expect(nearest('flsh', ['close', 'flush', 'flash'])).toBe('flush');
  expect(nearest('kitten', ['mitten', 'sitting'])).toBe('mitten');
  expect(nearest('', ['abc', 'a'])).toBe('a');
});

test('nothing is nearest among no words', () => {
  expect(nearest('flush', [])).toBeUndefined();
});

test('a word of a million letters is compared by its start', () => {
  expect(nearest('wal/append'.padEnd(1_000_000, 'x'), ['wal/append', 'gc/unlink'])).toBe('wal/append');
});
