import type { Environment } from '../environment.js';
import { pathOf } from '../filenames.js';
import { encodeManifest } from './encode.js';
import type { Version } from './version.js';

/**
 * Makes a version the authoritative one: MANIFEST-<n>.tmp is written and synced, renamed to MANIFEST-<n>, and the
 * directory is synced. Until the rename, recovery sees the version before; after it, this one; never a mixture.
 *
 * Everything that the version names must be durable before the call. Nothing that only the version before names
 * may be deleted before the promise resolves.
 */
export async function publishManifest({ vfs }: Environment, number: number, version: Version): Promise<void> {
  const temporary = pathOf({ kind: 'manifest-tmp', number });
  const file = vfs.create(temporary, 'manifest/tmp.create');
  try {
    file.append(encodeManifest(number, version), 'manifest/tmp.write');
    await file.sync('manifest/tmp.fsync');
  } finally {
    file.close();
  }
  vfs.rename(temporary, pathOf({ kind: 'manifest', number }), 'manifest/rename');
  await vfs.syncDirectory('', 'manifest/dir.fsync');
}
