import type { Environment } from './environment.js';
import { diskFailure, EngineError } from './errors.js';
import { LOCK_PATH } from './filenames.js';
import { Machinery } from './machinery.js';
import type { EngineOptions } from './options.js';
import { refuseForeignDirectory } from './recovery/directory.js';
import { recover } from './recovery/recover.js';
import { BlockCache } from './table/cache.js';
import { loadHashes } from './table/hashes.js';
import { TableStore } from './table-store.js';
import { placedVfs } from './vfs/placed-vfs.js';
import type { Vfs, VfsLock } from './vfs/vfs.js';

/** Takes the directory, recovers it and starts the background work. What fails gives everything back. */
export async function start(environment: Environment, options: EngineOptions): Promise<Machinery> {
  const vfs = placedVfs(environment.vfs);
  const context = { environment: over(environment, vfs), options, hashes: await loadHashes() };
  const lock = takeDirectory(vfs);
  const tables = new TableStore(context, new BlockCache(options.blockCacheBytes));
  try {
    return new Machinery({ context, tables, recovered: await recover(context, tables), lock });
  } catch (error) {
    tables.closeAll();
    giveBack(lock);
    throw error instanceof EngineError ? error : diskFailure('to open the database', error);
  }
}

/** The environment's own methods are called on itself: it may be an object of any class. */
function over(environment: Environment, vfs: Vfs): Environment {
  return {
    vfs,
    clock: environment.clock,
    randomUint32: () => environment.randomUint32(),
    pause: () => environment.pause(),
  };
}

function takeDirectory(vfs: Vfs): VfsLock {
  try {
    refuseForeignDirectory(vfs);
    vfs.makeDirectory('', 'open/mkdir');
  } catch (error) {
    throw error instanceof EngineError ? error : diskFailure('to open the database', error);
  }
  return takeLock(vfs);
}

function takeLock(vfs: Vfs): VfsLock {
  try {
    return vfs.lock(LOCK_PATH, 'open/lock');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw diskFailure('to open the database', error);
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
