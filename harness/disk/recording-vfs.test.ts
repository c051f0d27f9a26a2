import { expect, test } from 'vitest';
import type { Vfs } from '../../engine/index.js';
import { TurnVfs } from '../driver/turn-vfs.js';
import { settle, Turns } from '../driver/turns.js';
import { Content } from './content.js';
import { type Disk, EMPTY_DISK } from './disk.js';
import { MemoryVfs } from './memory-vfs.js';
import { Recording, RecordingVfs } from './recording-vfs.js';
import type { TraceStep } from './trace.js';

const BYTES = Uint8Array.from([1, 2, 3]);

test('each call that changes something is one step, with the inode that its file keeps', async () => {
  const { vfs, recording } = record(EMPTY_DISK);
  vfs.makeDirectory('wal', 'open/mkdir');
  const file = vfs.create('wal/1', 'wal/create');
  file.append(BYTES, 'wal/header');
  file.append(BYTES, 'wal/append');
  vfs.rename('wal/1', 'wal/2', 'manifest/rename');
  file.truncate(1, 'recovery/wal.truncate');
  vfs.open('wal/2', 'open/list').append(BYTES, 'wal/append');
  await file.sync('wal/fsync');
  await vfs.syncDirectory('wal', 'wal/dir.fsync');
  vfs.unlink('wal/2', 'gc/wal.unlink');
  vfs.create('wal/2', 'wal/create');
  expect(recording.steps.map(({ label }) => label)).toEqual([
    'open/mkdir',
    'wal/create',
    'wal/header',
    'wal/append',
    'manifest/rename',
    'recovery/wal.truncate',
    'wal/append',
    'wal/fsync',
    'wal/dir.fsync',
    'gc/wal.unlink',
    'wal/create',
  ]);
  expect(recording.steps.map((step) => ('inode' in step ? step.inode : 0))).toEqual([
    0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 2,
  ]);
  expect(recording.steps.flatMap((step) => (step.kind === 'write' ? [step.offset] : []))).toEqual([0, 3, 1]);
});

test('a step that the disk below refuses is not written down', () => {
  const { vfs, recording } = record(EMPTY_DISK);
  expect(() => vfs.create('wal/1', 'wal/create')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  expect(() => vfs.unlink('1', 'gc/wal.unlink')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  expect(recording.steps).toEqual([]);
});

test('steps that leave the disk as it is are written down as such', () => {
  const { vfs, recording } = record({ directories: new Set(['wal']), files: new Map() });
  vfs.makeDirectory('wal', 'open/mkdir');
  vfs.create('f', 'wal/create').append(new Uint8Array(0), 'wal/append');
  vfs.lock('LOCK', 'open/lock').release('close/unlock');
  expect(recording.steps.map(({ kind }) => kind)).toEqual(['none', 'create', 'none', 'none', 'none']);
});

test('what was written is copied: whoever wrote it may use the buffer again', () => {
  const { vfs, recording } = record(EMPTY_DISK);
  const buffer = BYTES.slice();
  vfs.create('f', 'wal/create').append(buffer, 'wal/append');
  buffer.fill(9);
  expect(recording.steps[1]).toMatchObject({ bytes: BYTES });
});

test('a rename says which file it replaced', () => {
  const { vfs, recording } = record(diskOf(['a', 'b']));
  vfs.rename('b', 'a', 'manifest/rename');
  vfs.rename('a', 'c', 'manifest/rename');
  expect(recording.steps).toMatchObject([
    { kind: 'rename', inode: 2, replaced: 1 },
    { kind: 'rename', inode: 2, replaced: null },
  ]);
});

test('a sync stands where it was answered, and covers what was done when it was asked for', async () => {
  const turns = new Turns();
  const { vfs, recording } = record(EMPTY_DISK, turns);
  const file = vfs.create('f', 'wal/create');
  file.append(BYTES, 'wal/append');
  const slow = file.sync('wal/fsync');
  file.append(BYTES, 'wal/append');
  const slower = vfs.syncDirectory('', 'wal/dir.fsync');
  vfs.makeDirectory('d', 'open/mkdir');
  await settle();
  expect(recording.steps).toHaveLength(4);
  expect(turns.take(1)).toBe(true);
  await slower;
  expect(turns.take(0)).toBe(true);
  await slow;
  expect(recording.steps.slice(4)).toMatchObject([
    { kind: 'sync-directory', since: 3, answered: true },
    { kind: 'sync', since: 2, answered: true, whole: false },
  ]);
});

test('the sync that is to fail answers EIO and is written down as not answered; the others succeed', async () => {
  const { vfs, recording } = record(EMPTY_DISK);
  const said: string[] = [];
  recording.onFault = (fault) => said.push(`${fault} after ${recording.steps.length} steps`);
  recording.failSync('wal/fsync', 2, 'the second one');
  recording.failSync('wal/dir.fsync', 1, 'the directory');
  const file = vfs.create('f', 'wal/create');
  await file.sync('wal/fsync');
  await file.sync('manifest/tmp.fsync');
  const badIo: unknown = expect.objectContaining({ code: 'EIO' });
  await expect(file.sync('wal/fsync')).rejects.toThrow(badIo);
  await expect(vfs.syncDirectory('', 'wal/dir.fsync')).rejects.toThrow(badIo);
  await file.sync('wal/fsync');
  const syncs = recording.steps.flatMap((step) => ('answered' in step ? [step.answered] : []));
  expect(syncs).toEqual([true, true, false, false, true]);
  expect(said).toEqual(['the second one after 4 steps', 'the directory after 5 steps']);
});

test('a sync of an earlier life is not counted when one is to fail', async () => {
  const earlier: readonly TraceStep[] = [
    { kind: 'create', label: 'wal/create', inode: 1, path: 'f' },
    { kind: 'sync', label: 'wal/fsync', inode: 1, path: 'f', whole: false, since: 1, answered: true },
  ];
  const vfs = new MemoryVfs(diskOf(['f']));
  const recording = new Recording(EMPTY_DISK, earlier);
  recording.failSync('wal/fsync', 1, 'the first one');
  const file = new RecordingVfs(vfs, recording).open('f', 'open/list');
  await expect(file.sync('wal/fsync')).rejects.toThrow(expect.objectContaining({ code: 'EIO' }));
  expect(recording.steps[2]).toMatchObject({ kind: 'sync', inode: 1, since: 2, answered: false });
});

test('files of the disk have the inodes that a simulation gives them, new ones go on from there', () => {
  const { vfs, recording } = record(diskOf(['b', 'a', 'c']));
  vfs.open('b', 'open/list').append(BYTES, 'wal/append');
  vfs.unlink('c', 'gc/wal.unlink');
  vfs.create('d', 'wal/create');
  expect(recording.steps).toMatchObject([{ inode: 2 }, { inode: 3 }, { inode: 4 }]);
});

function record(disk: Disk, turns?: Turns): { readonly vfs: RecordingVfs; readonly recording: Recording } {
  const recording = new Recording(disk);
  const memory = new MemoryVfs(disk);
  const below: Vfs = turns === undefined ? memory : new TurnVfs(memory, turns);
  return { vfs: new RecordingVfs(below, recording), recording };
}

function diskOf(paths: readonly string[]): Disk {
  return { directories: new Set(), files: new Map(paths.map((path) => [path, new Content(BYTES)])) };
}
