import type { Environment } from './environment.js';
import { EngineError } from './errors.js';
import { LOCK_PATH } from './filenames.js';
import { Machinery } from './machinery.js';
import type { EngineOptions } from './options.js';
import { refuseForeignDirectory } from './recovery/directory.js';
import { recover } from './recovery/recover.js';
import { BlockCache } from './table/cache.js';
import { loadHashes } from './table/hashes.js';
import { TableStore } from './table-store.js';
import type { Vfs, VfsLock } from './vfs/vfs.js';

/** Takes the directory, recovers it and starts the background work. What fails gives everything back. */
export async function start(environment: Environment, options: EngineOptions): Promise<Machinery> {
  const { vfs } = environment;
  const context = { environment, options, hashes: await loadHashes() };
  const lock = takeDirectory(vfs);
  const tables = new TableStore(context, new BlockCache(options.blockCacheBytes));
  try {
    return new Machinery({ context, tables, recovered: await recover(context, tables), lock });
  } catch (error) {
    tables.closeAll();
    giveBack(lock);
    throw error instanceof EngineError ? error : notReadable(error);
  }
}

function takeDirectory(vfs: Vfs): VfsLock {
  try {
    refuseForeignDirectory(vfs);
    vfs.makeDirectory('', 'open/mkdir');
  } catch (error) {
    throw error instanceof EngineError ? error : notReadable(error);
  }
  return takeLock(vfs);
}

function takeLock(vfs: Vfs): VfsLock {
  try {
    return vfs.lock(LOCK_PATH, 'open/lock');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw notReadable(error);
    throw new EngineError(
      'ENGINE_LOCKED',
      `Expected a database that nobody else has open, got: ${(error as Error).message}; close it there first.`,
      { file: LOCK_PATH, cause: error },
    );
  }
}

/** The reason why opening failed is worth more than a lock that could not be given back besides. */
function giveBack(lock: VfsLock): void {
  try {
    lock.release('close/unlock');
  } catch {
    // Our process id stays in the file and dies with the process.
  }
}

function notReadable(cause: unknown): EngineError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return new EngineError('ENGINE_IO', `Expected to open the database, got: ${text}.`, { cause });
}
