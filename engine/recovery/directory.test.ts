import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dump, withEngine } from '../engine-test-workload.js';
import { Engine } from '../engine.js';
import { nodeEnvironment } from '../node-environment.js';
import { NodeVfs } from '../vfs/node-vfs.js';
import { deleteOrphans, highestNumber, listDatabase } from './directory.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ninelives-directory-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), path);
  }
}

const tree = (): string[] => readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();

test.each([
  ['notes and pictures', ['notes.txt', 'picture.png']],
  // Its LOCK is an empty file, which used to look like a lock without an owner, and was deleted.
  ['a LevelDB', ['CURRENT', 'LOCK', 'LOG', 'MANIFEST-000002', '000003.log']],
  ['a RocksDB', ['CURRENT', 'IDENTITY', 'LOCK', 'LOG', 'MANIFEST-000005', 'OPTIONS-000007', '000012.sst']],
])('%s is refused and stays as it is', async (_name, paths) => {
  write(...paths);
  const before = tree();
  await expect(Engine.open(nodeEnvironment(directory))).rejects.toMatchObject({
    code: 'ENGINE_NOT_A_DATABASE',
  });
  expect(tree()).toEqual(before);
  for (const path of paths) expect(readFileSync(join(directory, path), 'utf8')).toBe(path);
});

test('a file in the place of the directory is refused and stays as it is', async () => {
  write('file');
  const path = join(directory, 'file');
  await expect(Engine.open(nodeEnvironment(path))).rejects.toMatchObject({ code: 'ENGINE_NOT_A_DATABASE' });
  expect(readFileSync(path, 'utf8')).toBe('file');
});

test('a directory that cannot be made is an ENGINE_IO', async () => {
  write('file');
  const path = join(directory, 'file', 'below');
  await expect(Engine.open(nodeEnvironment(path))).rejects.toMatchObject({
    code: expect.stringMatching(/^ENGINE_(IO|NOT_A_DATABASE)$/) as string,
  });
});

test('a database stays one when somebody puts a file into it', async () => {
  await withEngine(nodeEnvironment(directory), dump);
  write('notes.txt', '.DS_Store');
  expect(await withEngine(nodeEnvironment(directory), dump)).toEqual([]);
});

test('the listing knows every kind of file in every level, and nothing else', () => {
  write(
    'MANIFEST-000003',
    'MANIFEST-000004.tmp',
    'wal/000005.wal',
    'wal/000006.sst',
    'l0/000007.sst',
    'l9/000008.bloom',
    'l15/000009.sst',
    'notes',
    'LOCK',
  );
  const files = listDatabase(new NodeVfs(directory));
  expect(files).toEqual([
    { kind: 'manifest', number: 3 },
    { kind: 'manifest-tmp', number: 4 },
    { kind: 'wal', number: 5 },
    { kind: 'table', level: 0, number: 7 },
    { kind: 'bloom', level: 9, number: 8 },
    { kind: 'table', level: 15, number: 9 },
  ]);
  expect(highestNumber(files)).toBe(9);
  expect(highestNumber([])).toBe(0);
});

test('orphans are what is not claimed, no more and no less', () => {
  write('l0/000007.sst', 'l0/000008.sst', 'l0/notes');
  const vfs = new NodeVfs(directory);
  expect(deleteOrphans(vfs, listDatabase(vfs), ({ number }) => number === 7)).toBe(1);
  expect(tree()).toEqual(['l0', 'l0/000007.sst', 'l0/notes']);
});
