import { expect, test } from 'vitest';
import type { DatabaseFile } from '../filenames.js';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import { Garbage } from './garbage.js';

const FILES: readonly DatabaseFile[] = [
  { kind: 'wal', number: 4 },
  { kind: 'table', number: 2, level: 1 },
  { kind: 'bloom', number: 2, level: 1 },
  { kind: 'manifest', number: 3 },
];

test('files go in their order, one a call, each announced before it goes', async () => {
  const { environment, calls, files } = makeTestEnvironment();
  for (const path of ['wal/000004.wal', 'l1/000002.sst', 'l1/000002.bloom', 'MANIFEST-000003', 'other']) {
    files.set(path, new Uint8Array());
  }
  const garbage = new Garbage(environment, (file) => calls.push(`announced ${file.kind}`));
  garbage.add(FILES);
  expect(garbage.waiting()).toHaveLength(4);
  while (await garbage.deleteNext());
  expect(calls).toEqual([
    'announced wal',
    'gc/wal.unlink wal/000004.wal',
    'announced table',
    'gc/sst.unlink l1/000002.sst',
    'announced bloom',
    'gc/bloom.unlink l1/000002.bloom',
    'announced manifest',
    'gc/manifest.unlink MANIFEST-000003',
  ]);
  expect(garbage.waiting()).toEqual([]);
  expect([...files.keys()]).toEqual(['other']);
});

test('a file that could not be deleted still waits', async () => {
  const { environment } = makeTestEnvironment();
  const garbage = new Garbage(environment, () => undefined);
  garbage.add(FILES.slice(0, 1));
  await expect(garbage.deleteNext()).rejects.toMatchObject({ code: 'ENOENT' });
  expect(garbage.waiting()).toEqual(['wal/000004.wal']);
});
