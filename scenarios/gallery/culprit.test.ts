import { expect, test } from 'vitest';
import { compareCulprit } from './culprit.js';

const PLANTED = [
  { lost: 'flush/sst.write', before: 'manifest/rename' },
  { lost: 'wal/append', before: 'acknowledgement' },
];

test('the named pair is right whatever its numbers and operation are', () => {
  expect(compareCulprit(PLANTED, { lost: '0:flush/sst.write#3', kept: 'manifest/rename#2' })).toMatchObject({
    found: 'flush/sst.write before manifest/rename',
    right: true,
  });
  expect(
    compareCulprit(PLANTED, { lost: 'wal/append#1', kept: 'the acknowledgement of put "a"' }),
  ).toMatchObject({ right: true });
});

test('another pair, the halves of two pairs, and no pair are wrong', () => {
  expect(compareCulprit(PLANTED, { lost: 'wal/append#1', kept: 'manifest/rename#1' })?.right).toBe(false);
  expect(compareCulprit(PLANTED, undefined)).toMatchObject({ found: null, right: false });
});

test('a bug that breaks no order has no pair to name', () => {
  expect(compareCulprit([], { lost: 'wal/append#1', kept: 'manifest/rename#1' })).toBeUndefined();
});
