import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PendingWrite } from './model.js';
import { boundariesOf, headInZeroedPage, remnantsOf, truncationRemnants } from './remnants.js';

test('slices are counted from the start of the file, not of the write', () => {
  expect(boundariesOf(0, 1536, [512])).toEqual([512, 1024]);
  expect(boundariesOf(500, 30, [512])).toEqual([12]);
  expect(boundariesOf(512, 512, [512])).toEqual([]);
  expect(boundariesOf(10, 100, [512])).toEqual([]);
});

test('of a long write the first, a middle and the last boundary of each slice size are given', () => {
  expect(boundariesOf(1, 1_000_000, [4096])).toEqual([4095, 4095 + 4096 * 122, 4095 + 4096 * 243]);
  expect(boundariesOf(0, 40_960, [512, 4096])).toEqual([512, 4096, 20_480, 36_864, 40_448]);
});

test('every boundary lies within the write and on a slice of the file', () => {
  fc.assert(
    fc.property(fc.nat({ max: 10_000 }), fc.integer({ min: 1, max: 20_000 }), (offset, length) => {
      const boundaries = boundariesOf(offset, length, [512, 4096]);
      for (const at of boundaries) {
        expect(at).toBeGreaterThan(0);
        expect(at).toBeLessThan(length);
        expect((offset + at) % 512).toBe(0);
      }
      // None is left out where there is one.
      const crosses = Math.floor((offset + length - 1) / 512) > Math.floor(offset / 512);
      expect(boundaries.length > 0).toBe(crosses);
      expect(boundaries.length).toBeLessThanOrEqual(6);
    }),
  );
});

test('a write that makes its file grow may also have left its size alone, with each fill', () => {
  const alone = remnantsOf(write(0, 100, 0), ['nothing', 'zeros', 'garbage']);
  expect(alone).toEqual([
    { kind: 'remnant', part: 'none', at: 0, fill: 'zeros' },
    { kind: 'remnant', part: 'none', at: 0, fill: 'garbage' },
  ]);
});

test('an overwrite is torn and not filled', () => {
  expect(remnantsOf(write(0, 1024, 4096), ['nothing', 'zeros', 'stale'])).toEqual([
    { kind: 'remnant', part: 'head', at: 512, fill: 'nothing' },
    { kind: 'remnant', part: 'tail', at: 512, fill: 'nothing' },
  ]);
});

test('no two remnants are the same', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 9000 }),
      fc.integer({ min: 1, max: 20_000 }),
      fc.nat({ max: 30_000 }),
      (offset, length, size) => {
        const remnants = remnantsOf(write(offset, length, size), ['nothing', 'zeros', 'garbage', 'stale']);
        expect(new Set(remnants.map((one) => JSON.stringify(one))).size).toBe(remnants.length);
      },
    ),
  );
});

test.each([
  ['that makes its file shorter within a page leaves zeros in the page', 10, 100, 1],
  ['at the end of a page leaves nothing else', 4096, 9000, 0],
  ['that makes its file longer leaves nothing else', 100, 10, 0],
])('a truncation %s', (_text, length, sizeBefore, count) => {
  const change = { kind: 'truncate', label: 'wal/append', inode: 1, path: 'f', length } as const;
  const { step, name, durableBytes, abandoned } = write(0, 1, 0);
  const remnants = truncationRemnants({ change, sizeBefore, step, name, durableBytes, abandoned });
  expect(remnants).toHaveLength(count);
});

test('a write that begins in the page that a truncation cut may be there within that page, others not', () => {
  const change = { kind: 'truncate', label: 'wal/append', inode: 1, path: 'f', length: 10 } as const;
  const truncation = { ...write(0, 1, 100), change };
  const whole = { kind: 'remnant', part: 'head', at: 30, fill: 'nothing' };
  expect(headInZeroedPage(write(4090, 30, 10), [truncation])).toEqual({ truncation, head: whole });
  expect(headInZeroedPage(write(4096, 30, 10), [truncation])).toBeUndefined();
  expect(headInZeroedPage(write(20, 30, 10), [])).toBeUndefined();
  const later = { ...truncation, change: { ...change, length: 0 } };
  expect(headInZeroedPage(write(20, 30, 10), [truncation, later])).toBeUndefined();
});

function write(offset: number, length: number, sizeBefore: number): PendingWrite {
  const bytes = new Uint8Array(length);
  return {
    change: { kind: 'write', label: 'wal/append', inode: 1, path: 'f', offset, bytes },
    step: 0,
    name: 'wal/append#1',
    sizeBefore,
    durableBytes: 0,
    abandoned: false,
  };
}
