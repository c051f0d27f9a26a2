import { expect, test } from 'vitest';
import { EMPTY_DISK } from '../disk/disk.js';
import { MemoryVfs } from '../disk/memory-vfs.js';
import { TurnVfs } from './turn-vfs.js';
import { settle, Turns } from './turns.js';

test('a sync is done when its turn comes and not before; everything else at once', async () => {
  const turns = new Turns();
  const memory = new MemoryVfs(EMPTY_DISK);
  const vfs = new TurnVfs(memory, turns);
  const file = vfs.create('f', 'wal/create');
  file.append(Uint8Array.from([1]), 'wal/append');
  expect(memory.sizes()).toEqual([{ path: 'f', bytes: 1 }]);
  const done: string[] = [];
  const file2 = vfs.open('f', 'open/list');
  const syncs = [
    file.sync('wal/fsync').then(() => done.push('first')),
    file2.sync('wal/fsync').then(() => done.push('second')),
    vfs.syncDirectory('', 'wal/dir.fsync').then(() => done.push('directory')),
  ];
  await settle();
  expect(done).toEqual([]);
  for (const choice of [2, 1, 0]) {
    turns.take(choice);
    await settle();
  }
  await Promise.all(syncs);
  expect(done).toEqual(['directory', 'second', 'first']);
});

test('a sync that fails does so when its turn comes', async () => {
  const turns = new Turns();
  const vfs = new TurnVfs(new MemoryVfs(EMPTY_DISK), turns);
  const failing = expect(vfs.syncDirectory('nowhere', 'wal/dir.fsync')).rejects.toThrow('ENOENT');
  expect(turns.take(0)).toBe(true);
  await failing;
});
