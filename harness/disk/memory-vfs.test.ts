import fc from 'fast-check';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { NodeVfs, type Vfs, type VfsFile } from '../../engine/index.js';
import { Content } from './content.js';
import { EMPTY_DISK, type Disk } from './disk.js';
import { MemoryVfs } from './memory-vfs.js';

const root = mkdtempSync(join(tmpdir(), 'ninelives-memory-'));
let directories = 0;
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('any calls have the results, the error codes and the tree that they have on a real disk', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(call(), { maxLength: 40 }), async (calls) => {
      const memory = new MemoryVfs(EMPTY_DISK);
      const directory = join(root, String(directories++));
      const real = new NodeVfs(directory, 'inline');
      const [inMemory, onDisk] = [new Player(memory), new Player(real)];
      for (const one of [ROOT, ...calls]) {
        if (isPromisedNowhere(one, memory.disk())) continue;
        const expected = await onDisk.play(one);
        expect(await inMemory.play(one), JSON.stringify(one)).toEqual(expected);
      }
      onDisk.closeAll();
      expect(treeOf(memory.disk())).toEqual(realTreeOf(directory));
      expect(memory.sizes()).toEqual(
        treeOf(memory.disk()).flatMap(({ path, bytes }) =>
          bytes === null ? [] : [{ path, bytes: bytes.length }],
        ),
      );
    }),
    { numRuns: 300 },
  );
});

test('a machine does not change the disk that it was started from', () => {
  const bytes = Uint8Array.from([1, 2, 3]);
  const disk: Disk = { directories: new Set(['d']), files: new Map([['d/f', new Content(bytes)]]) };
  const vfs = new MemoryVfs(disk);
  const file = vfs.open('d/f', 'open/list');
  const read = file.read(0, 3, 'open/list');
  file.append(Uint8Array.from([4]), 'wal/append');
  file.truncate(1, 'recovery/wal.truncate');
  file.append(Uint8Array.from([5, 6]), 'wal/append');
  vfs.rename('d/f', 'd/g', 'manifest/rename');
  vfs.makeDirectory('e', 'open/mkdir');
  expect([...read]).toEqual([1, 2, 3]);
  expect(treeOf(disk)).toEqual([
    { path: 'd', bytes: null },
    { path: 'd/f', bytes: [1, 2, 3] },
  ]);
  expect([...(vfs.disk().files.get('d/g')?.bytes ?? [])]).toEqual([1, 5, 6]);
});

test('a disk that was taken from a machine does not change with it', () => {
  const vfs = new MemoryVfs(EMPTY_DISK);
  const file = vfs.create('f', 'wal/create');
  file.append(Uint8Array.from([1]), 'wal/append');
  const before = vfs.disk();
  file.append(Uint8Array.from([2]), 'wal/append');
  expect(treeOf(before)).toEqual([{ path: 'f', bytes: [1] }]);
});

test('what was read stays as it was when the file is cut and written again', () => {
  const file = new MemoryVfs(EMPTY_DISK).create('f', 'wal/create');
  file.append(Uint8Array.from([1, 2, 3]), 'wal/append');
  const read = file.read(0, 3, 'open/list');
  file.truncate(0, 'recovery/wal.truncate');
  file.append(Uint8Array.from([9, 9, 9]), 'wal/append');
  expect([...read]).toEqual([1, 2, 3]);
});

test('a file that was closed can be used no more', async () => {
  const file = new MemoryVfs(EMPTY_DISK).create('f', 'wal/create');
  file.append(Uint8Array.from([1]), 'wal/append');
  file.close();
  const badDescriptor: unknown = expect.objectContaining({ code: 'EBADF' });
  expect(() => file.append(Uint8Array.from([1]), 'wal/append')).toThrow(badDescriptor);
  expect(() => file.read(0, 1, 'open/list')).toThrow(badDescriptor);
  expect(() => file.truncate(0, 'recovery/wal.truncate')).toThrow(badDescriptor);
  expect(() => file.close()).toThrow(badDescriptor);
  await expect(Promise.resolve().then(() => file.sync('wal/fsync'))).rejects.toThrow(badDescriptor);
});

test('a lock is held until it is released, and is not on the disk', () => {
  const vfs = new MemoryVfs(EMPTY_DISK);
  const lock = vfs.lock('LOCK', 'open/lock');
  expect(() => vfs.lock('LOCK', 'open/lock')).toThrow(expect.objectContaining({ code: 'ELOCKED' }));
  lock.release('close/unlock');
  vfs.lock('LOCK', 'open/lock').release('close/unlock');
  expect(vfs.disk().files.size).toBe(0);
});

/** A call, with small numbers for what it is called on: files that are open go by the order in which they were opened. */
type Call =
  | {
      readonly kind: 'create' | 'open' | 'unlink' | 'list' | 'mkdir' | 'sync-directory';
      readonly path: string;
    }
  | { readonly kind: 'rename'; readonly path: string; readonly to: string }
  | { readonly kind: 'append'; readonly file: number; readonly bytes: readonly number[] }
  | { readonly kind: 'read'; readonly file: number; readonly offset: number; readonly length: number }
  | { readonly kind: 'truncate'; readonly file: number; readonly length: number }
  | { readonly kind: 'size' | 'sync' | 'close'; readonly file: number };

const ROOT: Call = { kind: 'mkdir', path: '' };

function call(): fc.Arbitrary<Call> {
  const path = fc.constantFrom('f', 'g', 'd/f', 'd/g', 'd', 'e', 'd/e', 'd/e/f', 'f/x', 'B');
  const file = fc.nat({ max: 3 });
  const size = fc.nat({ max: 200 });
  const one = <Kind extends string>(kind: Kind) => fc.constant(kind);
  return fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: one('create'), path }) },
    { weight: 2, arbitrary: fc.record({ kind: one('open'), path }) },
    fc.record({ kind: one('unlink'), path }),
    fc.record({ kind: one('list'), path: fc.oneof(path, one('')) }),
    { weight: 2, arbitrary: fc.record({ kind: one('mkdir'), path }) },
    fc.record({ kind: one('sync-directory'), path: fc.oneof(path, one('')) }),
    { weight: 2, arbitrary: fc.record({ kind: one('rename'), path, to: path }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: one('append'),
        file,
        bytes: fc.array(fc.nat({ max: 255 }), { maxLength: 80 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: one('read'), file, offset: size, length: size }) },
    fc.record({ kind: one('truncate'), file, length: size }),
    fc.record({ kind: fc.constantFrom('size' as const, 'sync' as const, 'close' as const), file }),
  );
}

/** Plays calls on a Vfs. What a call answers is given as plain data; an error as its code. */
class Player {
  readonly #vfs: Vfs;
  readonly #open: VfsFile[] = [];

  constructor(vfs: Vfs) {
    this.#vfs = vfs;
  }

  async play(one: Call): Promise<unknown> {
    try {
      return await this.#answer(one);
    } catch (error) {
      return { code: (error as NodeJS.ErrnoException).code };
    }
  }

  closeAll(): void {
    for (const file of this.#open.splice(0)) file.close();
  }

  async #answer(one: Call): Promise<unknown> {
    const vfs = this.#vfs;
    switch (one.kind) {
      case 'create':
        return this.#keep(vfs.create(one.path, 'wal/create'));
      case 'open':
        // The promise of `size` says nothing about two files that are open on the same bytes.
        if (this.#open.length > 0) return 'not tried';
        return this.#keep(vfs.open(one.path, 'open/list'));
      case 'unlink':
        return vfs.unlink(one.path, 'gc/wal.unlink');
      case 'list':
        return vfs.list(one.path, 'open/list');
      case 'mkdir':
        return vfs.makeDirectory(one.path, 'open/mkdir');
      case 'sync-directory':
        return await vfs.syncDirectory(one.path, 'wal/dir.fsync');
      case 'rename':
        return vfs.rename(one.path, one.to, 'manifest/rename');
      case 'append':
        return this.#file(one.file).append(Uint8Array.from(one.bytes), 'wal/append');
      case 'read':
        return [...this.#file(one.file).read(one.offset, one.length, 'open/list')];
      case 'truncate':
        return this.#file(one.file).truncate(one.length, 'recovery/wal.truncate');
      case 'size':
        return this.#file(one.file).size();
      case 'sync':
        return await this.#file(one.file).sync('wal/fsync');
      case 'close': {
        const file = this.#file(one.file);
        this.#open.splice(one.file, 1);
        return file.close();
      }
    }
  }

  #file(number: number): VfsFile {
    const file = this.#open[number];
    if (file !== undefined) return file;
    throw Object.assign(new Error('So many files are not open.'), { code: 'NOTHING-OPEN' });
  }

  #keep(file: VfsFile): string {
    this.#open.push(file);
    return file.path;
  }
}

/** Directories are not renamed (trace.ts), and only directories are synced as such. */
function isPromisedNowhere(one: Call, { directories: folders, files }: Disk): boolean {
  if (one.kind === 'rename') return folders.has(one.path);
  return one.kind === 'sync-directory' && files.has(one.path);
}

interface TreeEntry {
  readonly path: string;
  /** Null for a directory. */
  readonly bytes: readonly number[] | null;
}

function treeOf({ directories: folders, files }: Disk): readonly TreeEntry[] {
  const entries: TreeEntry[] = [
    ...[...folders].map((path) => ({ path, bytes: null })),
    ...[...files].map(([path, { bytes }]) => ({ path, bytes: [...bytes] })),
  ];
  return entries.sort((left, right) => (left.path < right.path ? -1 : 1));
}

function realTreeOf(directory: string): readonly TreeEntry[] {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).map((entry): TreeEntry => {
    const full = join(entry.parentPath, entry.name);
    const path = full.slice(directory.length + 1);
    return { path, bytes: entry.isDirectory() ? null : [...readFileSync(full)] };
  });
  return entries.sort((left, right) => (left.path < right.path ? -1 : 1));
}
