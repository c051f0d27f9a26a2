import { statSync } from 'node:fs';
import * as path from 'node:path';
import { type DatabaseFile, parsePath } from '../filenames.js';
import type { Vfs } from '../vfs/vfs.js';
import { InspectError, isPlatformError } from './inspect-error.js';
import { ReadOnlyVfs } from './read-only-vfs.js';

/**
 * From a path that a user gives to a directory that is read only: a database, or one file. A file that lies where the
 * engine puts it, under a name that the engine gives, is opened as part of its database, so that its number and its
 * neighbours are known; any other is looked at by itself.
 */
export type Located =
  | { readonly kind: 'directory'; readonly vfs: Vfs }
  | {
      readonly kind: 'file';
      readonly vfs: Vfs;
      /** In `vfs`. */
      readonly path: string;
      /** What the name says, if it says something. */
      readonly file: DatabaseFile | undefined;
    };

/** Throws 'not-a-database' if nothing is there, 'unreadable' if the platform does not say what is. */
export function locate(given: string): Located {
  const absolute = path.resolve(given);
  if (isDirectory(given, absolute)) return { kind: 'directory', vfs: new ReadOnlyVfs(absolute) };
  const parts = absolute.split(path.sep).filter((part) => part !== '');
  for (const depth of [2, 1]) {
    const name = parts.slice(-depth).join('/');
    const file = parsePath(name);
    if (file === undefined) continue;
    return { kind: 'file', vfs: new ReadOnlyVfs(rootOf(absolute, depth)), path: name, file };
  }
  const name = Buffer.from(path.basename(absolute)).toString('latin1');
  return { kind: 'file', vfs: new ReadOnlyVfs(path.dirname(absolute)), path: name, file: undefined };
}

/** The directory of a database, or 'not-a-database'. */
export function locateDirectory(given: string): Vfs {
  const located = locate(given);
  if (located.kind === 'directory') return located.vfs;
  throw new InspectError('not-a-database', `Expected the directory of a database at ${given}, found a file.`);
}

function isDirectory(given: string, absolute: string): boolean {
  try {
    return statSync(absolute).isDirectory();
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') {
      throw new InspectError(
        'not-a-database',
        `Expected a database or one of its files at ${given}, found nothing; give the path of a directory or file that is there.`,
      );
    }
    throw new InspectError('unreadable', `Expected to look at ${given}, got: ${error.message}.`, {
      cause: error,
    });
  }
}

function rootOf(absolute: string, depth: number): string {
  return depth === 2 ? path.dirname(path.dirname(absolute)) : path.dirname(absolute);
}
