import { expect, test } from 'vitest';
import { pathOf } from '../filenames.js';
import type { Vfs } from '../vfs/vfs.js';
import { readOnly } from './inspect-test-database.js';
import { listAll, newestManifestIn, walNumbersIn } from './listing.js';

const filesAt = (...paths: readonly string[]) =>
  readOnly(new Map(paths.map((path) => [path, new Uint8Array(1)])));

test('every name is ours, a lock or foreign', () => {
  const vfs = filesAt(
    ...['LOCK', 'LOCK.12', 'MANIFEST-000003', 'MANIFEST-000004.tmp', 'CURRENT'],
    ...[
      'l0/000001.sst',
      'l0/000001.bloom',
      'l0/notes.txt',
      'l15/000002.sst',
      'l16/000005.sst',
      'wal/000006.wal',
    ],
  );
  const { ours, locks, foreign, problems } = listAll(vfs);
  expect(ours.map(pathOf).sort()).toEqual([
    ...['MANIFEST-000003', 'MANIFEST-000004.tmp', 'l0/000001.bloom', 'l0/000001.sst'],
    ...['l15/000002.sst', 'wal/000006.wal'],
  ]);
  expect(locks).toEqual(['LOCK', 'LOCK.12']);
  // A level that no option allows is not entered, as recovery does not.
  expect([...foreign].sort()).toEqual(['CURRENT', 'l0/notes.txt', 'l16']);
  expect(problems).toEqual([]);
});

test('WALs come by number, and the newest MANIFEST is the one with the highest number', () => {
  const listing = listAll(
    filesAt('wal/1000000.wal', 'wal/000009.wal', 'MANIFEST-1000001', 'MANIFEST-000999'),
  );
  expect(walNumbersIn(listing)).toEqual([9, 1_000_000]);
  expect(newestManifestIn(listing)).toBe(1_000_001);
  expect(newestManifestIn(listAll(filesAt('MANIFEST-000009.tmp')))).toBeUndefined();
});

test('a directory that cannot be listed is a problem, and the rest is listed', () => {
  const vfs = filesAt('l0/000001.sst', 'wal/000002.wal');
  const broken: Vfs = {
    ...vfs,
    list(directory, label) {
      if (directory === 'l0') throw Object.assign(new Error('ENOTDIR: planted'), { code: 'ENOTDIR' });
      return vfs.list(directory, label);
    },
  };
  const { ours, problems } = listAll(broken);
  expect(ours.map(pathOf)).toEqual(['wal/000002.wal']);
  expect(problems).toMatchObject([{ path: 'l0', problem: expect.stringContaining('ENOTDIR') as string }]);
});
