import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DatabaseFile, parsePath, pathOf } from './filenames.js';

const number = fc.oneof(
  fc.integer({ min: 1, max: 2_000_000 }),
  fc.integer({ min: 1, max: 999_999_999_999_999 }),
);
const file: fc.Arbitrary<DatabaseFile> = fc.oneof(
  fc.record({ kind: fc.constantFrom('manifest' as const, 'manifest-tmp' as const, 'wal' as const), number }),
  fc.record({
    kind: fc.constantFrom('table' as const, 'bloom' as const),
    number,
    level: fc.integer({ min: 0, max: 99 }),
  }),
);

test('parsing is the inverse of building, for every kind of file', () => {
  fc.assert(
    fc.property(file, (wanted) => {
      expect(parsePath(pathOf(wanted))).toEqual(wanted);
    }),
  );
});

test('different files have different paths', () => {
  fc.assert(
    fc.property(file, file, (left, right) => {
      const same =
        JSON.stringify(Object.entries(left).sort()) === JSON.stringify(Object.entries(right).sort());
      expect(pathOf(left) === pathOf(right)).toBe(same);
    }),
  );
});

test('a path that parses is the one that would be built', () => {
  const pieces = fc.constantFrom(
    'wal/',
    'l0/',
    'l07/',
    'l7/',
    'MANIFEST-',
    '000007',
    '0000007',
    '7',
    '.wal',
    '.sst',
    '.bloom',
    '.tmp',
    '\n',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 4 }), (parts) => {
      const path = parts.join('');
      const parsed = parsePath(path);
      if (parsed !== undefined) expect(pathOf(parsed)).toBe(path);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  'LOCK',
  'MANIFEST',
  'MANIFEST-7',
  'MANIFEST-0000007',
  'MANIFEST-000007.tmp~',
  'MANIFEST-000007\n',
  'wal/000007.sst',
  'wal/7.wal',
  'l0/000007.wal',
  'l00/000007.sst',
  'l100/000007.sst',
  'l0/sub/000007.sst',
  '000007.sst',
  './wal/000007.wal',
  'notes.txt',
])('%j is no name of ours', (path) => {
  expect(parsePath(path)).toBeUndefined();
});
