import { expect, test } from 'vitest';
import { HistoryBuilder } from './checker-test-history.js';
import { files } from './files.js';

function found(onDisk: string[], live: string[], pending: string[] = [], obsolete: string[] = []): unknown[] {
  const history = new HistoryBuilder().life({}, { files: { onDisk, live, pending, obsolete } });
  return files(history.events).map(({ kind, files: paths }) => [kind, paths]);
}

function created(...lives: readonly (readonly string[])[]): unknown[] {
  const history = new HistoryBuilder();
  for (const paths of lives) {
    history.life();
    for (const path of paths) history.create(path);
  }
  return files(history.events).map(({ kind, files: paths }) => [kind, paths]);
}

test('a file that nothing names is an orphan', () => {
  expect(found(['LOCK', 'l0/000001.sst', 'wal/000002.wal'], ['wal/000002.wal'])).toEqual([
    ['orphan', ['l0/000001.sst']],
  ]);
});

test('a pending or obsolete file is not an orphan', () => {
  expect(found(['a.sst', 'b.sst'], [], ['a.sst'], ['b.sst'])).toEqual([]);
});

test('a live file that is not on disk is missing, LOCK excepted', () => {
  expect(found([], ['LOCK', 'l0/000001.sst'])).toEqual([['missing-file', ['l0/000001.sst']]]);
});

test('a table and its filter, a MANIFEST and its .tmp share a number', () => {
  expect(created(['l0/000001.sst', 'l0/000001.bloom', 'MANIFEST-000002.tmp', 'MANIFEST-000002'])).toEqual([]);
});

test('two files of one number are a reuse', () => {
  expect(created(['wal/000001.wal'], ['l0/000001.sst'])).toEqual([
    ['number-reuse', ['wal/000001.wal', 'l0/000001.sst']],
  ]);
});

test('a file that is created again is a reuse', () => {
  expect(created(['MANIFEST-000001.tmp'], ['MANIFEST-000001.tmp'])).toHaveLength(1);
});

test('a filter may be made again in a later life, and only there', () => {
  expect(created(['l0/000001.bloom'], ['l0/000001.bloom'])).toEqual([]);
  expect(created(['l0/000001.bloom', 'l0/000001.bloom'])).toHaveLength(1);
});

test('when all work is done nothing may still be pending or obsolete', () => {
  const listing = {
    onDisk: ['a.sst', 'b.sst', 'c.sst'],
    live: ['c.sst'],
    pending: ['a.sst'],
    obsolete: ['b.sst'],
  };
  const kinds = files([{ kind: 'settled', life: 0, files: listing }]).map(({ kind, files: paths }) => [
    kind,
    paths,
  ]);
  expect(kinds).toEqual([
    ['orphan', ['a.sst']],
    ['orphan', ['b.sst']],
  ]);
});

test('when background work has failed its files are excused', () => {
  const listing = { onDisk: ['a.sst'], live: [], pending: ['a.sst'], obsolete: [] };
  const error = { code: 'ENGINE_READ_ONLY', message: 'ENOSPC: no space left on device' };
  expect(files([{ kind: 'settled', life: 0, files: listing, error }])).toEqual([]);
});

test('an injected error excuses what its life leaves on disk, but not what it misses', () => {
  const listing = { onDisk: ['a.sst'], live: ['b.sst'], pending: [], obsolete: [] };
  const history = new HistoryBuilder().life().fault().add({ kind: 'settled', life: 0, files: listing });
  expect(files(history.events).map(({ kind }) => kind)).toEqual(['missing-file']);
});

test('the number of a file that a power loss erased may be used again', () => {
  const erased = new HistoryBuilder().life().create('wal/000005.wal').powerLoss(['LOCK']);
  expect(files(erased.life().create('l0/000005.sst').events)).toEqual([]);
  const killed = new HistoryBuilder().life().create('wal/000005.wal').crash();
  expect(files(killed.life().create('l0/000005.sst').events)).toMatchObject([{ kind: 'number-reuse' }]);
});

test('a number counts as used when a file of its group was left, even if that is deleted later', () => {
  const left = new HistoryBuilder().life().create('MANIFEST-000005.tmp').powerLoss(['MANIFEST-000005']);
  left.life().powerLoss(['LOCK']).life().create('wal/000005.wal');
  expect(files(left.events)).toMatchObject([
    { kind: 'number-reuse', files: ['MANIFEST-000005.tmp', 'wal/000005.wal'] },
  ]);
});
