import { rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Environment,
  listDatabase,
  nodeEnvironment,
  NodeVfs,
  pathOf,
  type StepLabel,
  type Vfs,
  type VfsLock,
} from '../index.js';
import { LevelError } from './errors.js';

/**
 * Whether a directory holds a database, and its removal. A database is there once a MANIFEST is: an opening that was
 * killed before that has acknowledged nothing.
 */
export interface Existence {
  readonly createIfMissing: boolean;
  readonly errorIfExists: boolean;
}

/**
 * The environment of a directory, in which taking the lock also holds the database to `wanted`: between a look without
 * the lock and the opening another process could make it or remove it. LEVEL_DATABASE_MISSING is thrown at once where
 * it can be, so that no directory is made in vain.
 */
export function environmentOf(location: string, wanted: Existence): Environment {
  if (!wanted.createIfMissing) checkExistence(new NodeVfs(location), location, wanted);
  return { ...nodeEnvironment(location), vfs: new CheckedVfs(location, wanted) };
}

/**
 * Removes the files of a database, and its directory if nothing else is in it; does nothing if there is none. The
 * MANIFEST goes first: what an interrupted removal leaves is refused by `open`, and never a database that lacks a part;
 * a second removal finishes it. LEVEL_LOCKED if somebody has it open, LEVEL_IO_ERROR if the platform gives an error.
 */
export async function destroyDatabase(location: string): Promise<void> {
  try {
    const vfs = new NodeVfs(location);
    // LevelDB has a MANIFEST and a LOCK, too; a directory with a `wal` is ours, as `open` also sees it.
    if (!vfs.list('', 'open/list').includes('wal')) return;
    const lock = vfs.lock('LOCK', 'open/lock');
    try {
      await removeFiles(vfs, location);
    } finally {
      lock.release('close/unlock');
    }
    await removeIfEmpty(location);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = `Expected to remove the database, got: ${message}.`;
    throw new LevelError(code === 'ELOCKED' ? 'LEVEL_LOCKED' : 'LEVEL_IO_ERROR', what, error);
  }
}

async function removeFiles(vfs: Vfs, location: string): Promise<void> {
  const files = listDatabase(vfs);
  const manifests = files.filter(({ kind }) => kind === 'manifest').sort((a, b) => a.number - b.number);
  for (const file of manifests) await rm(join(location, pathOf(file)));
  await vfs.syncDirectory('', 'manifest/dir.fsync');
  const others = files.filter(({ kind }) => kind !== 'manifest');
  for (const file of others) await rm(join(location, pathOf(file)));
  const levels = vfs.list('', 'open/list').filter((name) => /^l\d{1,2}$/.test(name));
  for (const name of [...levels, 'wal']) await removeIfEmpty(join(location, name));
}

async function removeIfEmpty(directory: string): Promise<void> {
  try {
    await rmdir(directory);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

class CheckedVfs extends NodeVfs {
  readonly #location: string;
  readonly #wanted: Existence;

  constructor(location: string, wanted: Existence) {
    super(location);
    this.#location = location;
    this.#wanted = wanted;
  }

  override lock(path: string, label: StepLabel): VfsLock {
    const lock = super.lock(path, label);
    try {
      checkExistence(this, this.#location, this.#wanted);
      return lock;
    } catch (error) {
      lock.release('close/unlock');
      throw error;
    }
  }
}

function checkExistence(vfs: Vfs, location: string, { createIfMissing, errorIfExists }: Existence): void {
  if (createIfMissing && !errorIfExists) return;
  const exists = isDatabase(vfs);
  if (!exists && !createIfMissing) {
    throw new LevelError(
      'LEVEL_DATABASE_MISSING',
      `Expected a database in ${location}, which does not exist; set createIfMissing to make it.`,
    );
  }
  if (exists && errorIfExists) {
    throw new LevelError(
      'LEVEL_DATABASE_EXISTS',
      `Expected no database in ${location}, but one exists; leave out errorIfExists to open it.`,
    );
  }
}

function isDatabase(vfs: Vfs): boolean {
  return (
    vfs.list('', 'open/list').includes('wal') && listDatabase(vfs).some(({ kind }) => kind === 'manifest')
  );
}
