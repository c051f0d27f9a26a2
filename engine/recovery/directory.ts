import { EngineError } from '../errors.js';
import {
  type DatabaseFile,
  levelDirectory,
  LOCK_PATH,
  parsePath,
  pathOf,
  WAL_DIRECTORY,
} from '../filenames.js';
import type { Vfs } from '../vfs/vfs.js';

/**
 * The database's files in a directory, as they are. Names that the engine never gives are not reported, so that
 * recovery cannot delete what is not its own.
 */
export function listDatabase(vfs: Vfs): readonly DatabaseFile[] {
  const names = vfs.list('', 'open/list');
  const inRoot = new Set(names);
  const below = DIRECTORIES.filter((directory) => inRoot.has(directory)).flatMap((directory) =>
    vfs.list(directory, 'open/list').map((name) => `${directory}/${name}`),
  );
  return [...names, ...below].flatMap((path) => parsePath(path) ?? []);
}

/** All that the option `levelsMax` allows: the database may have had more levels when it was last open. */
const LEVELS_LISTED = 16;
const DIRECTORIES = [
  WAL_DIRECTORY,
  ...Array.from({ length: LEVELS_LISTED }, (_, level) => levelDirectory(level)),
];

/**
 * Throws ENGINE_NOT_A_DATABASE if a directory holds foreign files and is not known to be ours: it belongs to somebody
 * else, and opening it would scatter ours among theirs. Ours is a directory with a `wal` in it; LOCK and MANIFEST-<n>
 * prove nothing, since LevelDB and RocksDB have them, too.
 */
export function refuseForeignDirectory(vfs: Vfs): void {
  const names = listRoot(vfs);
  const foreign = names.filter((name) => !isOurs(name));
  if (foreign.length === 0 || names.includes(WAL_DIRECTORY)) return;
  throw new EngineError(
    'ENGINE_NOT_A_DATABASE',
    `Expected an empty directory or a database, got a directory with other files (${foreign.slice(0, 3).join(', ')}); give the database a directory of its own.`,
  );
}

/** Makes the directories of a database and their names durable. */
export async function makeDirectories(vfs: Vfs): Promise<void> {
  for (const directory of [WAL_DIRECTORY, levelDirectory(0)]) vfs.makeDirectory(directory, 'open/mkdir');
  await vfs.syncDirectory('', 'recovery/dir.fsync');
}

/** The highest number among the files, 0 if there is none. */
export function highestNumber(files: readonly DatabaseFile[]): number {
  return files.reduce((highest, file) => Math.max(highest, file.number), 0);
}

/** Deletes the files that `isLive` does not claim. Safe to interrupt: what is left is an orphan next time. */
export function deleteOrphans(
  vfs: Vfs,
  files: readonly DatabaseFile[],
  isLive: (file: DatabaseFile) => boolean,
): number {
  const orphans = files.filter((file) => !isLive(file));
  for (const file of orphans) vfs.unlink(pathOf(file), 'recovery/unlink');
  return orphans.length;
}

function listRoot(vfs: Vfs): readonly string[] {
  try {
    return vfs.list('', 'open/list');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw error;
    throw new EngineError('ENGINE_NOT_A_DATABASE', 'Expected a directory for the database, got a file.', {
      cause: error,
    });
  }
}

function isOurs(name: string): boolean {
  return (
    name === LOCK_PATH ||
    name.startsWith(`${LOCK_PATH}.`) ||
    name === WAL_DIRECTORY ||
    /^l\d{1,2}$/.test(name) ||
    parsePath(name) !== undefined
  );
}
