import { corrupt } from '../errors.js';
import type { ReadLabel } from '../vfs/step.js';
import type { Vfs, VfsFile } from '../vfs/vfs.js';

/**
 * The open files of tables. A database may have more tables than a process may have files open, so no more than
 * `filesMax` are: for one more the one that was read least recently is closed, and opened again when it is read again.
 * Whoever reads a table has pinned it, so its file is there. Which files are open follows from the order of the reads
 * alone.
 */
export class OpenFiles {
  readonly #vfs: Vfs;
  readonly #filesMax: number;
  /** The one read least recently first: a Map iterates in the order of insertion. */
  readonly #opened = new Map<TableFile, VfsFile>();
  #latest: TableFile | undefined;

  constructor(vfs: Vfs, filesMax: number) {
    this.#vfs = vfs;
    this.#filesMax = filesMax;
  }

  /** Files that are open now. */
  get count(): number {
    return this.#opened.size;
  }

  /** The file of `file`, open, and the one that was read last; ENGINE_CORRUPT if it is missing. */
  open(file: TableFile, label: ReadLabel): VfsFile {
    let opened = this.#opened.get(file);
    if (opened !== undefined && file === this.#latest) return opened;
    if (opened !== undefined) this.#opened.delete(file);
    else {
      this.#makeRoom();
      opened = openIfThere(this.#vfs, file.path, label);
      if (opened === undefined) throw corrupt(file.path, 0, 'the file of a published table is missing');
    }
    this.#opened.set(file, opened);
    this.#latest = file;
    return opened;
  }

  close(file: TableFile): void {
    const opened = this.#opened.get(file);
    this.#opened.delete(file);
    opened?.close();
  }

  #makeRoom(): void {
    for (const [oldest] of this.#opened) {
      if (this.#opened.size < this.#filesMax) break;
      this.close(oldest);
    }
  }
}

/** The file of one table, open or not. Errors of the platform pass through. */
export class TableFile {
  readonly path: string;
  readonly #files: OpenFiles;
  #isClosed = false;

  constructor(files: OpenFiles, path: string) {
    this.#files = files;
    this.path = path;
  }

  /** As `VfsFile.read`; opens the file first if it is not open. */
  read(offset: number, length: number, label: ReadLabel): Uint8Array {
    return this.#opened(label).read(offset, length, label);
  }

  /** As `VfsFile.size`. */
  size(label: ReadLabel): number {
    return this.#opened(label).size();
  }

  /** For good: it cannot be read any more. */
  close(): void {
    this.#isClosed = true;
    this.#files.close(this);
  }

  #opened(label: ReadLabel): VfsFile {
    if (this.#isClosed) throw new Error(`${this.path} is read, but its table was closed.`);
    return this.#files.open(this, label);
  }
}

/** Opens a file; undefined if there is none. */
export function openIfThere(vfs: Vfs, path: string, label: ReadLabel): VfsFile | undefined {
  try {
    return vfs.open(path, label);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
