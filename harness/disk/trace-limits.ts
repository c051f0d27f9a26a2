import type { Disk } from './disk.js';
import { directoryOf } from './trace.js';

/**
 * What a saved trace may hold. The writer and the reader keep to the same limits, so what was written can be read, and
 * a file made by somebody else cannot make the reader, or a simulator that plays the trace, take more memory than a
 * machine has.
 */

/** Bytes of a file, and bytes of all its payloads once they are inflated. */
export const TRACE_BYTES_MAX = 2 ** 28;
/** Steps and marks together; also directories, and files, of the disk before step 0. */
export const TRACE_ENTRIES_MAX = 2 ** 20;
/** Size in bytes that any file of the traced disk may reach. */
export const TRACED_FILE_BYTES_MAX = 2 ** 28;
export const TRACED_INODE_MAX = 2 ** 32 - 1;
/** Bytes of UTF-8 of a path or a label. */
export const TRACE_NAME_BYTES_MAX = 4096;

/**
 * What is wrong with a path, as the end of the sentence "Expected a path, got ..."; undefined if it is relative to the
 * root of the disk and stays below it. The root itself is ''.
 */
export function pathProblem(path: string, root: 'root too' | 'no root'): string | undefined {
  if (path === '') return root === 'root too' ? undefined : 'the root';
  if (path.startsWith('/')) return 'an absolute path';
  if (path.includes('\0')) return 'a path with a zero byte';
  const odd = path.split('/').find((name) => name === '' || name === '.' || name === '..');
  return odd === undefined ? undefined : `a path with a part ${JSON.stringify(odd)}`;
}

/** Whether the directory of a path is there, as on every disk. */
export function isInside(path: string, disk: Disk): boolean {
  const directory = directoryOf(path);
  return directory === '' || disk.directories.has(directory);
}
