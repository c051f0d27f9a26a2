import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ReadLabel } from '../vfs/step.js';
import type { Vfs, VfsFile } from '../vfs/vfs.js';

/**
 * The real disk below one directory, to look at and not to touch: files are opened with O_RDONLY, and every call that
 * would change something throws EROFS without asking the file system. It needs no permission to write, so it works on
 * a read-only mount. What is changed nevertheless is what reading itself changes: access times.
 *
 * Names come as byte text (one character U+0000 to U+00FF is one byte): a directory may hold names that are not UTF-8.
 */
export class ReadOnlyVfs implements Vfs {
  readonly #root: Buffer;

  constructor(root: string) {
    this.#root = Buffer.from(`${path.resolve(root)}/`);
  }

  /** Only regular files: EISDIR or EINVAL for anything else, at once, also for a pipe that nobody writes to. */
  open(name: string, _label: ReadLabel): VfsFile {
    const { O_RDONLY, O_NONBLOCK } = fs.constants;
    const descriptor = fs.openSync(this.#resolve(name), O_RDONLY | O_NONBLOCK);
    try {
      const stat = fs.fstatSync(descriptor);
      if (!stat.isFile()) throw platformError(stat.isDirectory() ? 'EISDIR' : 'EINVAL', 'not a file', name);
      return new ReadOnlyFile(name, descriptor, stat.size);
    } catch (error) {
      fs.closeSync(descriptor);
      throw error;
    }
  }

  list(directory: string, _label: ReadLabel): readonly string[] {
    try {
      const names = fs.readdirSync(this.#resolve(directory), { encoding: 'buffer' });
      return names.sort((left, right) => Buffer.compare(left, right)).map((name) => name.toString('latin1'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  create(name: string): never {
    throw refused(name);
  }

  rename(from: string): never {
    throw refused(from);
  }

  unlink(name: string): never {
    throw refused(name);
  }

  makeDirectory(name: string): never {
    throw refused(name);
  }

  async syncDirectory(name: string): Promise<never> {
    throw refused(name);
  }

  lock(name: string): never {
    throw refused(name);
  }

  #resolve(name: string): Buffer {
    return Buffer.concat([this.#root, Buffer.from(name, 'latin1')]);
  }
}

class ReadOnlyFile implements VfsFile {
  readonly path: string;
  readonly #descriptor: number;
  readonly #length: number;

  constructor(name: string, descriptor: number, length: number) {
    this.path = name;
    this.#descriptor = descriptor;
    this.#length = length;
  }

  read(offset: number, length: number, _label: ReadLabel): Uint8Array {
    const wanted = Math.max(0, Math.min(length, this.#length - offset));
    const bytes = Buffer.allocUnsafe(wanted);
    let done = 0;
    while (done < wanted) {
      const piece = Math.min(READ_BYTES_MAX, wanted - done);
      const got = fs.readSync(this.#descriptor, bytes, done, piece, offset + done);
      if (got === 0) break;
      done += got;
    }
    return bytes.subarray(0, done);
  }

  /** As it was when the file was opened: a living database may append meanwhile. */
  size(): number {
    return this.#length;
  }

  append(): never {
    throw refused(this.path);
  }

  truncate(): never {
    throw refused(this.path);
  }

  async sync(): Promise<never> {
    throw refused(this.path);
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }
}

/** Bytes asked for in one call; a single read(2) does not give more than 2 GiB. */
const READ_BYTES_MAX = 1 << 28;

function refused(name: string): Error {
  return platformError('EROFS', 'opened for reading only', name);
}

function platformError(code: string, text: string, name: string): Error {
  return Object.assign(new Error(`${code}: ${text}, '${name}'`), { code });
}
