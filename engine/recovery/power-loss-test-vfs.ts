import type { Vfs, VfsFile } from '../vfs/vfs.js';

/**
 * For tests only: a disk in memory that can lose its power. What was not synced is then kept or lost piece by piece,
 * without any order between the pieces, which is the weakest that POSIX allows:
 *
 * - a name stands for any of the files that it stood for since its directory was last synced;
 * - behind the bytes that were synced, a file is cut anywhere, and each slice of the rest holds its data, zeros,
 *   garbage, or what another file has at the same place.
 *
 * It is weaker than POSIX in one point: the two names of a rename are drawn one by one.
 *
 * A sync can be made to fail as it does on Linux, which marks the pages clean that it could not write (Rebello et al.,
 * "Can Applications Recover from fsync Failures?", ATC 2020): reads go on to show them, and a later sync succeeds and
 * writes nothing. Weaker than Linux: what is appended behind such pages is never durable either.
 */
export class PowerLossDisk {
  /** For each directory and name, what it stood for since the last sync, the present last. '' is the root. */
  private readonly directories = new Map<string, Map<string, (Inode | undefined)[]>>([['', new Map()]]);

  readonly vfs: Vfs = {
    create: (path) => {
      if (this.find(path) !== undefined) throw platformError('EEXIST', path);
      const inode: Inode = { kind: 'file', durable: EMPTY, cached: EMPTY, sameBytes: 0, lostFrom: Infinity };
      this.name(path, inode);
      return fileOf(path, inode);
    },
    open: (path) => fileOf(path, this.file(path)),
    rename: (from, to) => {
      const inode = this.file(from);
      this.name(to, inode);
      this.name(from, undefined);
    },
    unlink: (path) => {
      this.file(path);
      this.name(path, undefined);
    },
    list: (directory) => {
      if (directory !== '' && this.find(directory) === undefined) return [];
      const names = [...(this.directories.get(directory) ?? [])];
      return names.flatMap(([name, states]) => (states.at(-1) === undefined ? [] : [name])).sort();
    },
    makeDirectory: (path) => {
      if (path === '' || this.find(path) !== undefined) return;
      this.name(path, { kind: 'directory' });
      this.directories.set(path, new Map());
    },
    syncDirectory: async (path) => {
      for (const states of this.directories.get(path)?.values() ?? []) states.splice(0, states.length - 1);
    },
    lock: () => ({ release: () => undefined }),
  };

  /** What a failed sync of `path` leaves behind. The names of a directory stay as they are, for a later sync. */
  loseDirtyPages(path: string): void {
    const inode = this.find(path);
    if (inode?.kind !== 'file' || inode.durable === inode.cached) return;
    inode.lostFrom = Math.min(inode.lostFrom, inode.sameBytes);
  }

  /** What is found when the power is back: everything on it is durable. `draw` gives a number from 0 to n - 1. */
  afterPowerLoss(draw: (n: number) => number): PowerLossDisk {
    const disk = new PowerLossDisk();
    const stale = [...this.directories.values()]
      .flatMap((names) => [...names.values()].flat())
      .flatMap((inode) => (inode?.kind === 'file' ? [inode.cached] : []));
    // The root first: a directory that is lost takes what is in it along.
    for (const [directory, names] of this.directories) {
      const kept = disk.directories.get(directory);
      for (const [name, states] of kept === undefined ? [] : names) {
        const inode = states[draw(states.length)];
        if (inode?.kind === 'directory') disk.directories.set(name, new Map());
        if (inode !== undefined) kept?.set(name, [afterwards(inode, stale, draw)]);
      }
    }
    return disk;
  }

  private name(path: string, inode: Inode | undefined): void {
    const [directory, name] = splitPath(path);
    const names = this.directories.get(directory);
    if (names === undefined) throw platformError('ENOENT', path);
    names.set(name, [...(names.get(name) ?? [undefined]), inode]);
  }

  private find(path: string): Inode | undefined {
    const [directory, name] = splitPath(path);
    return this.directories.get(directory)?.get(name)?.at(-1);
  }

  private file(path: string): FileInode {
    const inode = this.find(path);
    if (inode?.kind !== 'file') throw platformError('ENOENT', path);
    return inode;
  }
}

interface FileInode {
  readonly kind: 'file';
  durable: Uint8Array;
  cached: Uint8Array;
  /** How many of the first bytes have been the same since the last sync. */
  sameBytes: number;
  /** No sync makes the bytes from here on durable, since it takes them for written. */
  lostFrom: number;
}

type Inode = FileInode | { readonly kind: 'directory' };

const EMPTY = new Uint8Array(0);
const SLICE_BYTES = 16;

function fileOf(path: string, inode: FileInode): VfsFile {
  return {
    path,
    append: (bytes) => void (inode.cached = Buffer.concat([inode.cached, bytes])),
    read: (offset, length) => Uint8Array.from(inode.cached.subarray(offset, offset + length)),
    size: () => inode.cached.length,
    truncate: (length) => {
      inode.cached = inode.cached.subarray(0, length);
      inode.sameBytes = Math.min(inode.sameBytes, length);
      if (length <= inode.lostFrom) inode.lostFrom = Infinity;
    },
    sync: async () => {
      const { cached, lostFrom } = inode;
      inode.durable = lostFrom < cached.length ? cached.subarray(0, lostFrom) : cached;
      inode.sameBytes = inode.durable.length;
    },
    close: () => undefined,
  };
}

function afterwards(inode: Inode, stale: readonly Uint8Array[], draw: (n: number) => number): Inode {
  if (inode.kind === 'directory') return inode;
  const bytes = tear(inode, stale, draw);
  return { kind: 'file', durable: bytes, cached: bytes, sameBytes: bytes.length, lostFrom: Infinity };
}

function tear(inode: FileInode, stale: readonly Uint8Array[], draw: (n: number) => number): Uint8Array {
  const { durable, cached, sameBytes } = inode;
  const whole = draw(6);
  if (whole < 2 || durable === cached) return whole === 0 ? durable : cached;
  const length = draw(2) === 0 ? cached.length : sameBytes + draw(cached.length - sameBytes + 1);
  const torn = Uint8Array.from(cached.subarray(0, length));
  for (let start = sameBytes; start < length; start += SLICE_BYTES) {
    const slice = torn.subarray(start, start + SLICE_BYTES);
    const fill = draw(6);
    if (fill === 0) slice.fill(0);
    if (fill === 1) slice.forEach((_, index) => (slice[index] = draw(256)));
    if (fill === 2) slice.set((stale[draw(stale.length)] ?? EMPTY).subarray(start, start + slice.length));
  }
  return torn;
}

function splitPath(path: string): readonly [directory: string, name: string] {
  const slash = path.lastIndexOf('/');
  return [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)];
}

function platformError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
