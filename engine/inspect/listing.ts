import {
  type DatabaseFile,
  levelDirectory,
  LOCK_PATH,
  parsePath,
  pathOf,
  WAL_DIRECTORY,
} from '../filenames.js';
import type { Vfs } from '../vfs/vfs.js';
import { isPlatformError } from './inspect-error.js';

/**
 * The names in a database's directory, all of them: unlike recovery, which looks only at its own, an inspection also
 * says what else lies there. Directories of others are named and not entered. A directory of ours that cannot be listed
 * is a problem of its own, and the rest is listed all the same.
 */
export interface Listing {
  /** Files with a name that the engine gives, by path. */
  readonly ours: readonly DatabaseFile[];
  /** `LOCK`, and what a process that died while it took it has left. */
  readonly locks: readonly string[];
  /** Paths of files and directories with any other name, in byte text. */
  readonly foreign: readonly string[];
  readonly problems: readonly { readonly path: string; readonly problem: string }[];
}

/** Errors of the root itself are passed on; that of a directory below is a problem. */
export function listAll(vfs: Vfs): Listing {
  const problems: { path: string; problem: string }[] = [];
  const paths = vfs.list('', 'open/list').flatMap((name) => {
    if (!DIRECTORIES.includes(name)) return [name];
    try {
      return vfs.list(name, 'open/list').map((below) => `${name}/${below}`);
    } catch (error) {
      if (!isPlatformError(error)) throw error;
      problems.push({
        path: name,
        problem: `expected a directory that can be listed, got: ${error.message}`,
      });
      return [];
    }
  });
  const locks = paths.filter((path) => path === LOCK_PATH || path.startsWith(`${LOCK_PATH}.`));
  const ours = paths.flatMap((path) => parsePath(path) ?? []);
  const known = new Set([...locks, ...ours.map(pathOf)]);
  return { ours, locks, foreign: paths.filter((path) => !known.has(path)), problems };
}

/** The numbers of the WALs, ascending. */
export function walNumbersIn({ ours }: Listing): readonly number[] {
  return ours.flatMap((file) => (file.kind === 'wal' ? [file.number] : [])).sort((a, b) => a - b);
}

/** The highest number of a MANIFEST that was published; undefined if there is none. */
export function newestManifestIn({ ours }: Listing): number | undefined {
  const numbers = ours.flatMap((file) => (file.kind === 'manifest' ? [file.number] : []));
  return numbers.length === 0 ? undefined : numbers.reduce((left, right) => Math.max(left, right));
}

/** The directories that recovery lists; the option `levelsMax` allows 16 levels. */
const DIRECTORIES = [WAL_DIRECTORY, ...Array.from({ length: 16 }, (_, level) => levelDirectory(level))];
