import type { Vfs, VfsFile } from '../vfs/vfs.js';

/**
 * A Vfs over whatever opens and lists, in which every call that would change something throws: an inspection that comes
 * to one has a mistake in it. The disk itself is not asked; `read-only-vfs.ts` is the one that keeps its hands off that.
 */
export function guardedVfs(read: ReadingVfs): Vfs {
  return {
    open: (path, label) => guardedFile(read.open(path, label)),
    list: (directory, label) => read.list(directory, label),
    create: refuse,
    rename: refuse,
    unlink: refuse,
    makeDirectory: refuse,
    syncDirectory: refuse,
    lock: refuse,
  };
}

/** The part of a Vfs that leaves the disk as it is. */
export interface ReadingVfs extends Pick<Vfs, 'list'> {
  open(...call: Parameters<Vfs['open']>): ReadingFile;
}

export type ReadingFile = Pick<VfsFile, 'path' | 'read' | 'size' | 'close'>;

function guardedFile(file: ReadingFile): VfsFile {
  return {
    path: file.path,
    read: (offset, length, label) => file.read(offset, length, label),
    size: () => file.size(),
    close: () => file.close(),
    append: refuse,
    truncate: refuse,
    sync: refuse,
  };
}

function refuse(): never {
  throw new Error('Expected to look at a database only; nothing of it is to be changed.');
}
