import { Content } from './content.js';
import { hashText } from './hash.js';

/**
 * A disk that does not change: a tree of directories and files. It is what a machine finds when it starts, so
 * everything on it is durable. Making a variant of one costs a copy of the maps, never of the contents.
 */
export interface Disk {
  /** Paths of directories, without the root. The parent of every path is there. */
  readonly directories: ReadonlySet<string>;
  readonly files: ReadonlyMap<string, Content>;
}

export const EMPTY_DISK: Disk = { directories: new Set(), files: new Map() };

/**
 * A number of 53 bits that is the same for equal trees, in whatever order they were made. Two trees that differ have
 * different ones but for chance (about one in 10^4 for a campaign of a million trees).
 */
export function hashDisk(disk: Disk): number {
  let low = 0x9e37_79b9;
  let high = 0x85eb_ca6b;
  // A sum does not depend on the order, so nothing need be sorted.
  for (const [path, content] of disk.files) {
    const [pathLow, pathHigh] = hashText(path);
    const [contentLow, contentHigh] = content.hash;
    low = (low + mix(pathLow ^ contentHigh, contentLow)) | 0;
    high = (high + mix(pathHigh ^ contentLow, contentHigh)) | 0;
  }
  for (const path of disk.directories) {
    const [pathLow, pathHigh] = hashText(path);
    low = (low + mix(pathLow, pathHigh)) | 0;
    high = (high + mix(pathHigh, pathLow)) | 0;
  }
  return (high & 0x1f_ffff) * 2 ** 32 + (low >>> 0);
}

/** The disk with one write more; a file that is not there is made. */
export function withWrite(disk: Disk, path: string, offset: number, bytes: Uint8Array): Disk {
  const before = disk.files.get(path)?.bytes ?? new Uint8Array(0);
  const after = new Uint8Array(Math.max(before.length, offset + bytes.length));
  after.set(before);
  after.set(bytes, offset);
  return { ...disk, files: new Map(disk.files).set(path, new Content(after)) };
}

/** The finaliser of MurmurHash3 (Austin Appleby, public domain) over two words. */
function mix(a: number, b: number): number {
  let word = Math.imul(a, 0xcc9e_2d51) ^ (b + 0x1656_67b1);
  word = Math.imul(word ^ (word >>> 16), 0x85eb_ca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2_ae35);
  return word ^ (word >>> 16);
}
