import { filesOfTable } from '../catalog/catalog.js';
import { type DatabaseFile, pathOf } from '../filenames.js';
import type { Version } from '../manifest/version.js';
import type { Vfs } from '../vfs/vfs.js';
import { deleteOrphans, highestNumber } from './directory.js';
import { holdsNoRecord } from './recover-wals.js';

/**
 * Deletes what earlier openings have left that failed or died before they published, so that a hundred of them on a
 * full disk leave no more than one does, and give back the space that the next one needs. Called when everything that the
 * newest MANIFEST names has been read, and before anything is written.
 *
 * That MANIFEST is durable, so what it does not name is nobody's: a table, a sidecar, a MANIFEST besides the newest, a WAL
 * below the lowest that it names. A WAL above that is somebody's as long as it holds a record.
 *
 * The file with the highest number stays until a MANIFEST stores the counter: without it a recovery that dies now would
 * give that number a second time. Its name is made durable before others go, for a power loss may keep their deletion
 * and forget what was made after them.
 */
export async function deleteLeftovers(
  vfs: Vfs,
  files: readonly DatabaseFile[],
  version: Version,
): Promise<number> {
  const witnessed = Math.max(version.nextNumber - 1, highestNumber(files));
  const isNeeded = neededBy(vfs, files, version);
  const keeps = (file: DatabaseFile): boolean => file.number === witnessed || isNeeded(file);
  if (files.every(keeps)) return 0;
  const witness = files.find(({ number }) => number === witnessed);
  if (witness !== undefined) await vfs.syncDirectory(directoryOf(witness), 'recovery/dir.fsync');
  return deleteOrphans(vfs, files, keeps);
}

function neededBy(
  vfs: Vfs,
  files: readonly DatabaseFile[],
  { levels, walNumbers }: Version,
): (file: DatabaseFile) => boolean {
  const newest = highestNumber(files.filter(({ kind }) => kind === 'manifest'));
  const tables = new Set(levels.flat().flatMap(filesOfTable).map(pathOf));
  return (file) => {
    switch (file.kind) {
      case 'manifest':
        return file.number === newest;
      case 'manifest-tmp':
        return false;
      case 'wal':
        if (file.number < (walNumbers[0] ?? 0)) return false;
        return walNumbers.includes(file.number) || !holdsNoRecord(vfs, file.number);
      case 'table':
      case 'bloom':
        return tables.has(pathOf(file));
    }
  };
}

function directoryOf(file: DatabaseFile): string {
  const path = pathOf(file);
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
