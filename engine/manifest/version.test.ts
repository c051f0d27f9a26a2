import { expect, test } from 'vitest';
import { tableMeta } from './manifest-test-arbitraries.js';
import type { TableMeta } from '../table/meta.js';
import { editLevels } from './version.js';

const numbers = (levels: readonly (readonly { readonly number: number }[])[]): number[][] =>
  levels.map((tables) => tables.map(({ number }) => number));

test('an edit takes away, adds, and leaves the levels before as they were', () => {
  const old = [
    [tableMeta({ number: 5, level: 0 }), tableMeta({ number: 4, level: 0 })],
    [tableMeta({ number: 2, level: 1, smallest: Uint8Array.of(5), largest: Uint8Array.of(6) })],
  ];
  const added = [
    tableMeta({ number: 7, level: 1, smallest: Uint8Array.of(9), largest: Uint8Array.of(9) }),
    tableMeta({ number: 6, level: 1, smallest: Uint8Array.of(1), largest: Uint8Array.of(2) }),
  ];
  const next = editLevels(old, { added, removed: old[0]?.slice(1) ?? [] });
  expect(numbers(next)).toEqual([[5], [6, 2, 7]]);
  expect(numbers(old)).toEqual([[5, 4], [2]]);
});

test('levels that did not exist are made, and levels that run empty stay', () => {
  const table = tableMeta({ number: 1, level: 2 });
  const levels = editLevels([], { added: [table], removed: [] });
  expect(numbers(levels)).toEqual([[], [], [1]]);
  expect(numbers(editLevels(levels, { added: [], removed: [table] }))).toEqual([[], [], []]);
  expect(numbers(editLevels([], { added: [], removed: [] }))).toEqual([]);
});

test('L0 has the newest first, by sequence and not by number', () => {
  const added = [
    tableMeta({ number: 9, level: 0, sequenceMax: 10 }),
    tableMeta({ number: 8, level: 0, sequenceMax: 30 }),
    tableMeta({ number: 7, level: 0, sequenceMax: 20 }),
  ];
  expect(numbers(editLevels([], { added, removed: [] }))).toEqual([[8, 7, 9]]);
});

test('below L0 the newest run comes first, each by key, and a level that is not touched is the same array', () => {
  const table = (number: number, level: number, run: number, key: number) =>
    tableMeta({ number, level, run, smallest: Uint8Array.of(key), largest: Uint8Array.of(key) });
  const added = [table(1, 1, 3, 9), table(2, 1, 8, 7), table(3, 1, 3, 2), table(4, 2, 0, 1)];
  const levels = editLevels([], { added, removed: [] });
  expect(numbers(levels)).toEqual([[], [2, 3, 1], [4]]);
  const next = editLevels(levels, { added: [table(5, 1, 9, 1)], removed: [added[2] as TableMeta] });
  expect(numbers(next)).toEqual([[], [5, 2, 1], [4]]);
  expect(next[2]).toBe(levels[2]);
});
