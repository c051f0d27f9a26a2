import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Content } from '../content.js';
import type { Disk } from '../disk.js';

/** Everything below a directory of a real file system, as a disk. Throws what reading throws (EIO, EUCLEAN, ...). */
export function readTree(root: string): Disk {
  const directories = new Set<string>();
  const files = new Map<string, Content>();
  const read = (path: string) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        directories.add(below);
        read(below);
      } else files.set(below, new Content(readFileSync(join(root, below))));
    }
  };
  read('');
  return { directories, files };
}

/** True if both hold the same names with the same bytes. */
export function sameTree(left: Disk, right: Disk): boolean {
  return (
    sameNames(left, right) &&
    [...left.files].every(([path, content]) =>
      Buffer.from(content.bytes).equals(right.files.get(path)?.bytes ?? NOTHING),
    )
  );
}

/** True if both hold the same directories and the same files, whatever is in them. */
export function sameNames(left: Disk, right: Disk): boolean {
  return (
    left.files.size === right.files.size &&
    left.directories.size === right.directories.size &&
    [...left.files.keys()].every((path) => right.files.has(path)) &&
    [...left.directories].every((path) => right.directories.has(path))
  );
}

const NOTHING = new Uint8Array(0);
