import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NodeVfs } from '../../engine/index.js';
import { type StepObserver, StepVfs } from './step-vfs.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ninelives-step-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('every step is shown before and after it, reads are not', async () => {
  const seen: string[] = [];
  const vfs = over(seen);
  vfs.makeDirectory('l1', 'compaction/mkdir');
  const lock = vfs.lock('LOCK', 'open/lock');
  const file = vfs.create('a.wal', 'wal/create');
  file.append(bytes('hello'), 'wal/append');
  await file.sync('wal/fsync');
  file.truncate(4, 'recovery/wal.truncate');
  expect([file.size(), text(file.read(0, 9, 'recovery/wal.read')), file.path]).toEqual([4, 'hell', 'a.wal']);
  file.close();
  vfs.rename('a.wal', 'b.wal', 'manifest/rename');
  await vfs.syncDirectory('', 'wal/dir.fsync');
  expect(vfs.list('', 'open/list')).toContain('b.wal');
  vfs.open('b.wal', 'recovery/wal.read').close();
  vfs.unlink('b.wal', 'gc/wal.unlink');
  lock.release('close/unlock');
  const steps = [
    'compaction/mkdir l1',
    'open/lock LOCK',
    'wal/create a.wal',
    'wal/append a.wal',
    'wal/fsync a.wal',
    'recovery/wal.truncate a.wal',
    'manifest/rename b.wal',
    'wal/dir.fsync ',
    'gc/wal.unlink b.wal',
    'close/unlock LOCK',
  ];
  expect(seen).toEqual(steps.flatMap((step) => [`before ${step}`, `after ${step}`]));
});

test('a step that fails has no after', () => {
  const seen: string[] = [];
  const vfs = over(seen);
  expect(() => vfs.unlink('missing', 'gc/wal.unlink')).toThrow('ENOENT');
  expect(seen).toEqual(['before gc/wal.unlink missing']);
});

test('a cut write does its first bytes and not one more before the observer is told', () => {
  let atCut: string | undefined;
  const vfs = new StepVfs(new NodeVfs(root, 'inline'), {
    before: () => undefined,
    after: () => undefined,
    cutAt: (label, length) => (label === 'wal/append' && length === 5 ? 3 : undefined),
    cut: () => {
      atCut = readFileSync(join(root, 'a.wal'), 'utf8');
      throw new Error('cut');
    },
  });
  const file = vfs.create('a.wal', 'wal/create');
  file.append(bytes('head'), 'wal/header');
  expect(() => file.append(bytes('hello'), 'wal/append')).toThrow('cut');
  expect(atCut).toBe('headhel');
});

function over(seen: string[]): StepVfs {
  const observer: StepObserver = {
    before: (label, path) => void seen.push(`before ${label} ${path}`),
    after: (label, path) => void seen.push(`after ${label} ${path}`),
    cutAt: () => undefined,
    cut: () => undefined,
  };
  return new StepVfs(new NodeVfs(root, 'inline'), observer);
}

function bytes(content: string): Uint8Array {
  return Buffer.from(content);
}

function text(content: Uint8Array): string {
  return Buffer.from(content).toString();
}
