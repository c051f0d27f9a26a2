import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NodeVfs } from './node-vfs.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ninelives-vfs-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const code = (wanted: string) => expect.objectContaining({ code: wanted }) as Error;

describe.each(['thread-pool', 'inline'] as const)('with syncs %s', (syncs) => {
  test('a file holds what was appended and cut, for this handle, for another and on disk', async () => {
    const command = fc.oneof(
      fc.record({ kind: fc.constant('append' as const), bytes: fc.uint8Array({ maxLength: 20 }) }),
      fc.record({ kind: fc.constant('truncate' as const), length: fc.nat({ max: 30 }) }),
    );
    const vfs = new NodeVfs(directory, syncs);
    let files = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 12 }), async (commands) => {
        const path = `f${files++}`;
        const file = vfs.create(path, 'wal/create');
        let model: Buffer = Buffer.alloc(0);
        for (const step of commands) {
          if (step.kind === 'append') {
            file.append(step.bytes, 'wal/append');
            model = Buffer.concat([model, step.bytes]);
          } else if (step.length <= model.length) {
            file.truncate(step.length, 'recovery/wal.truncate');
            model = model.subarray(0, step.length);
          }
        }
        await file.sync('wal/fsync');
        expect(file.size()).toBe(model.length);
        expect(Buffer.from(file.read(0, 1_000, 'recovery/wal.read'))).toEqual(Buffer.from(model));
        file.close();
        const again = vfs.open(path, 'recovery/wal.read');
        expect(again.size()).toBe(model.length);
        expect(Buffer.from(again.read(3, 5, 'recovery/wal.read'))).toEqual(Buffer.from(model.subarray(3, 8)));
        expect(again.read(model.length + 7, 5, 'recovery/wal.read')).toHaveLength(0);
        again.append(Uint8Array.of(9), 'wal/append');
        again.close();
        expect(readFileSync(join(directory, path))).toEqual(Buffer.concat([model, Uint8Array.of(9)]));
      }),
      { numRuns: 30 },
    );
  });

  test('syncs of directories and files give the errors of the platform', async () => {
    const vfs = new NodeVfs(directory, syncs);
    await vfs.syncDirectory('', 'wal/dir.fsync');
    await expect(vfs.syncDirectory('none', 'wal/dir.fsync')).rejects.toMatchObject({ code: 'ENOENT' });
    const file = vfs.create('f', 'wal/create');
    file.close();
    await expect(file.sync('wal/fsync')).rejects.toMatchObject({ code: 'EBADF' });
  });
});

test('create refuses a file that is there, open one that is not', () => {
  const vfs = new NodeVfs(directory);
  writeFileSync(join(directory, 'old'), 'kept');
  expect(() => vfs.create('old', 'wal/create')).toThrowError(code('EEXIST'));
  expect(readFileSync(join(directory, 'old'), 'utf8')).toBe('kept');
  expect(() => vfs.open('none', 'recovery/wal.read')).toThrowError(code('ENOENT'));
});

test('rename replaces, unlink removes, and a second unlink is an error', () => {
  const vfs = new NodeVfs(directory);
  writeFileSync(join(directory, 'from'), 'new');
  writeFileSync(join(directory, 'to'), 'old');
  vfs.rename('from', 'to', 'manifest/rename');
  expect(readFileSync(join(directory, 'to'), 'utf8')).toBe('new');
  vfs.unlink('to', 'gc/sst.unlink');
  expect(vfs.list('', 'open/list')).toEqual([]);
  expect(() => vfs.unlink('to', 'gc/sst.unlink')).toThrowError(code('ENOENT'));
});

test('names are listed in the order of their bytes; a directory that is not there is empty', () => {
  const vfs = new NodeVfs(join(directory, 'deep/er'));
  expect(vfs.list('', 'open/list')).toEqual([]);
  vfs.makeDirectory('', 'open/mkdir');
  vfs.makeDirectory('', 'open/mkdir');
  for (const name of ['b', 'a10', 'a9', 'B', '\u{10000}', '\uffee'])
    writeFileSync(join(directory, 'deep/er', name), '');
  mkdirSync(join(directory, 'deep/er/sub'));
  expect(vfs.list('', 'open/list')).toEqual(['B', 'a10', 'a9', 'b', 'sub', '\uffee', '\u{10000}']);
  expect(() => vfs.list('b', 'open/list')).toThrowError(code('ENOTDIR'));
});

test('a lock refuses a second taker until it is released', () => {
  const vfs = new NodeVfs(directory);
  const lock = vfs.lock('LOCK', 'open/lock');
  expect(() => new NodeVfs(directory).lock('LOCK', 'open/lock')).toThrowError(code('ELOCKED'));
  lock.release('close/unlock');
  new NodeVfs(directory).lock('LOCK', 'open/lock').release('close/unlock');
});
