import { expect, test } from 'vitest';
import { encodeManifest } from '../manifest/encode.js';
import { EMPTY_VERSION } from '../manifest/version.js';
import type { Vfs } from '../vfs/vfs.js';
import { encodeHeader } from '../wal/record.js';
import { type Files, makeFiles, readOnly } from './inspect-test-database.js';
import { openView } from './view.js';

const manifest = (number: number, wal: number): readonly [string, Uint8Array] => [
  `MANIFEST-${String(number).padStart(6, '0')}`,
  encodeManifest(number, { ...EMPTY_VERSION, walNumbers: [wal], nextNumber: number + 1 }),
];
const wal = (number: number): readonly [string, Uint8Array] => [
  `wal/${String(number).padStart(6, '0')}.wal`,
  encodeHeader(number),
];

/** A living database: each time that somebody has listed it, the next state takes the place of the one before. */
function living(stateAt: (time: number) => Files): Vfs {
  let time = 0;
  const now = () => readOnly(stateAt(time));
  return {
    ...readOnly(new Map()),
    open: (path, label) => now().open(path, label),
    list(directory, label) {
      const names = now().list(directory, label);
      // The last directory of a listing.
      if (directory === 'wal') time++;
      return names;
    },
  };
}

test('a view names the newest MANIFEST and holds what it names open', async () => {
  const files = await makeFiles('close');
  const view = openView(readOnly(files));
  expect(view.manifest.kind).toBe('read');
  expect(view.version.levels.flat().length).toBeGreaterThan(2);
  for (const { number, level } of view.version.levels.flat()) {
    for (const kind of ['table', 'bloom'] as const)
      expect(view.file({ kind, number, level }).kind).toBe('open');
  }
  view.close();
});

test('where a living database has deleted what an old MANIFEST names, the new one is taken', () => {
  const before = new Map([manifest(2, 1), wal(1)]);
  const after = new Map([manifest(4, 3), wal(3)]);
  const view = openView(living((time) => (time === 0 ? before : after)));
  expect(view.manifest).toMatchObject({ kind: 'read', number: 4 });
  expect(view.file({ kind: 'wal', number: 3 }).kind).toBe('open');
});

test('a file that is missing from a MANIFEST that stays the newest is missing', () => {
  const view = openView(readOnly(new Map([manifest(2, 1), wal(5)])));
  expect(view.file({ kind: 'wal', number: 1 })).toEqual({ kind: 'missing' });
});

test('a database that changes again and again is an error that says so', () => {
  const vfs = living((time) => new Map([manifest(2 * time + 2, 2 * time + 1), wal(2 * time + 1)]));
  expect(() => openView(vfs)).toThrow(expect.objectContaining({ code: 'changing' }) as Error);
});

test('the WALs are opened from the newest to the oldest', () => {
  const files = new Map([manifest(2, 1), wal(1), wal(3), wal(5)]);
  const vfs = readOnly(files);
  const opened: string[] = [];
  openView({ ...vfs, open: (path, label) => (opened.push(path), vfs.open(path, label)) });
  expect(opened.filter((path) => path.startsWith('wal/'))).toEqual([
    'wal/000005.wal',
    'wal/000003.wal',
    'wal/000001.wal',
  ]);
});

test.each<[string, readonly string[], RegExp]>([
  ['an empty directory', [], /a directory without any file of one/],
  ['a directory with LOCK alone', ['LOCK'], /a directory without any file of one/],
  ['a LevelDB', ['CURRENT', 'LOCK', 'MANIFEST-000001', '000003.log'], /other files \(000003\.log, CURRENT\)/],
])('%s is not a database', (_, paths, text) => {
  const vfs = readOnly(new Map(paths.map((path) => [path, new Uint8Array(1)])));
  const error = expect.objectContaining({
    code: 'not-a-database',
    message: expect.stringMatching(text) as string,
  }) as Error;
  expect(() => openView(vfs)).toThrow(error);
});

test('a root that cannot be listed is unreadable', () => {
  const vfs: Vfs = {
    ...readOnly(new Map()),
    list() {
      throw Object.assign(new Error('EACCES: planted'), { code: 'EACCES' });
    },
  };
  expect(() => openView(vfs)).toThrow(expect.objectContaining({ code: 'unreadable' }) as Error);
});

test('a file that cannot be opened says why', () => {
  const vfs = readOnly(new Map([manifest(2, 1), wal(1)]));
  const view = openView({
    ...vfs,
    open(path, label) {
      if (path.startsWith('wal/')) throw Object.assign(new Error('EIO: planted'), { code: 'EIO' });
      return vfs.open(path, label);
    },
  });
  const held = view.file({ kind: 'wal', number: 1 });
  expect(held).toMatchObject({
    kind: 'unreadable',
    problem: expect.stringContaining('EIO: planted') as string,
  });
});
