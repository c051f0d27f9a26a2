import * as fs from 'node:fs';
import type { Engine } from '../../engine/index.js';
import type { FileObservation } from '../history/event.js';
import type { FileSize } from './protocol.js';

/** The directory and the engine's own account of it, taken at the same instant: nothing runs in between. */
export function listFiles(
  directory: string,
  engine: Engine,
): { readonly files: FileObservation; readonly sizes: readonly FileSize[] } {
  const sizes = filesBelow(directory);
  return { files: { onDisk: sizes.map((file) => file.path), ...engine.files() }, sizes };
}

/** Every file below a directory with its size, sorted by path; directories themselves are not listed. */
export function filesBelow(directory: string, prefix = ''): readonly FileSize[] {
  const names = fs.readdirSync(`${directory}/${prefix}`, { withFileTypes: true });
  return names
    .flatMap((entry) => {
      const path = `${prefix}${entry.name}`;
      if (entry.isDirectory()) return filesBelow(directory, `${path}/`);
      return [{ path, bytes: fs.statSync(`${directory}/${path}`).size }];
    })
    .sort((left, right) => (left.path < right.path ? -1 : 1));
}
