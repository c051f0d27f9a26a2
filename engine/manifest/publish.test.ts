import { expect, test } from 'vitest';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import { faultyVfs, inputOutputError } from '../vfs/faulty-test-vfs.js';
import { decodeManifest } from './encode.js';
import { publishManifest } from './publish.js';
import { EMPTY_VERSION } from './version.js';

test('a version is written, synced, renamed and its directory synced, in this order', async () => {
  const { environment, calls, files } = makeTestEnvironment();
  await publishManifest(environment, 9, EMPTY_VERSION);
  expect(calls).toEqual([
    'manifest/tmp.create MANIFEST-000009.tmp',
    'manifest/tmp.write MANIFEST-000009.tmp',
    'manifest/tmp.fsync MANIFEST-000009.tmp',
    'manifest/rename MANIFEST-000009.tmp',
    'manifest/dir.fsync ',
  ]);
  expect([...files.keys()]).toEqual(['MANIFEST-000009']);
  expect(decodeManifest('', 9, files.get('MANIFEST-000009') ?? new Uint8Array())).toEqual(EMPTY_VERSION);
});

test.each(['manifest/tmp.create', 'manifest/tmp.write', 'manifest/tmp.fsync', 'manifest/rename'])(
  'after an error at %s nothing has the published name',
  async (label) => {
    const { environment, files } = makeTestEnvironment();
    const vfs = faultyVfs(environment.vfs, (call) => {
      if (call.label === label) throw inputOutputError();
    });
    await expect(publishManifest({ ...environment, vfs }, 9, EMPTY_VERSION)).rejects.toMatchObject({
      code: 'EIO',
    });
    expect([...files.keys()]).not.toContain('MANIFEST-000009');
  },
);
