import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Vfs } from '../vfs/vfs.js';
import { ReadOnlyVfs } from './read-only-vfs.js';

let place: string;
let vfs: Vfs;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'ninelives-read-only-'));
  vfs = new ReadOnlyVfs(place);
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

test('a file is read from any offset, up to its end', () => {
  writeFileSync(join(place, 'a'), 'nine lives');
  const file = vfs.open('a', 'recovery/sst.read');
  expect(file.size()).toBe(10);
  const read = (offset: number, length: number) =>
    Buffer.from(file.read(offset, length, 'recovery/sst.read')).toString();
  expect([read(0, 4), read(5, 100), read(10, 1), read(20, 1)]).toEqual(['nine', 'lives', '', '']);
  file.close();
});

test('what is appended after a file was opened is not seen', () => {
  writeFileSync(join(place, 'a'), 'nine');
  const file = vfs.open('a', 'recovery/sst.read');
  writeFileSync(join(place, 'a'), ' lives', { flag: 'a' });
  expect([file.size(), file.read(0, 100, 'recovery/sst.read').length]).toEqual([4, 4]);
  file.close();
});

test('every call that would change something is refused with EROFS and changes nothing', async () => {
  writeFileSync(join(place, 'a'), 'nine');
  const file = vfs.open('a', 'recovery/sst.read');
  const readOnly = expect.objectContaining({ code: 'EROFS' }) as Error;
  expect(() => vfs.create('b', 'wal/create')).toThrow(readOnly);
  expect(() => vfs.rename('a', 'b', 'manifest/rename')).toThrow(readOnly);
  expect(() => vfs.unlink('a', 'recovery/unlink')).toThrow(readOnly);
  expect(() => vfs.makeDirectory('c', 'open/mkdir')).toThrow(readOnly);
  expect(() => vfs.lock('LOCK', 'open/lock')).toThrow(readOnly);
  expect(() => file.append(Buffer.from('x'), 'wal/append')).toThrow(readOnly);
  expect(() => file.truncate(0, 'recovery/wal.truncate')).toThrow(readOnly);
  await expect(file.sync('wal/fsync')).rejects.toThrow(readOnly);
  await expect(vfs.syncDirectory('', 'recovery/dir.fsync')).rejects.toThrow(readOnly);
  file.close();
  expect(vfs.list('', 'open/list')).toEqual(['a']);
});

test('what is no file is refused at once, a pipe that nobody writes to as well', () => {
  mkdirSync(join(place, 'folder'));
  execFileSync('mkfifo', [join(place, 'pipe')]);
  expect(() => vfs.open('folder', 'recovery/sst.read')).toThrow(/^EISDIR/);
  expect(() => vfs.open('pipe', 'recovery/sst.read')).toThrow(/^EINVAL/);
  expect(() => vfs.open('gone', 'recovery/sst.read')).toThrow(/^ENOENT/);
});

test('names that are not UTF-8 are listed byte by byte, and can be opened', () => {
  const name = Buffer.from([0x61, 0xff]);
  writeFileSync(Buffer.concat([Buffer.from(`${place}/`), name]), 'nine');
  expect(vfs.list('', 'open/list')).toEqual(['a\u00ff']);
  const file = vfs.open('a\u00ff', 'recovery/sst.read');
  expect(file.size()).toBe(4);
  file.close();
});

test('a directory that is not there has no names', () => {
  expect(vfs.list('gone', 'open/list')).toEqual([]);
  writeFileSync(join(place, 'a'), '');
  expect(() => vfs.list('a', 'open/list')).toThrow(/^ENOTDIR/);
});
