import { expect, test } from 'vitest';
import { EMPTY_DISK } from '../disk/disk.js';
import { afterDeath, poweredOn } from '../disk/machine.js';
import { isNumberReused, lowestNumberMade } from './used-numbers.js';

const created = (path: string, label: string) => ({ kind: 'create', label, path, inode: 1 }) as const;

test('a number is used again though the file that had it first is gone from the disk', () => {
  const machine = afterDeath(poweredOn(EMPTY_DISK), 0, [
    created('wal/000004.wal', 'wal/create'),
    { kind: 'unlink', label: 'recovery/unlink', path: 'wal/000004.wal', inode: 1 },
  ]);
  expect(isNumberReused(machine, 4)).toBe(true);
  expect(isNumberReused(machine, 5)).toBe(false);
});

test('what was there before, filters and files without a number are not counted as made', () => {
  const before = new Set(['l0/000002.sst', 'wal/000003.wal']);
  const now = ['LOCK', 'MANIFEST-000006', 'l0/000002.bloom', 'l0/000002.sst', 'wal/000005.wal'];
  expect(lowestNumberMade(before, now)).toBe(5);
  expect(lowestNumberMade(before, ['l0/000002.bloom', 'l0/000002.sst'])).toBe(Infinity);
});
