import type { ReadLabel, StepLabel, Vfs, VfsFile, VfsLock } from '../../engine/index.js';
import { Content } from './content.js';
import type { Disk } from './disk.js';
import { directoryOf } from './trace.js';

/**
 * A running machine's view of a disk, in memory: what a process sees, durable or not. It starts from a disk that does
 * not change, shares its contents and copies a file when it is first written to, so that a thousand machines can start
 * from one disk. Syncs do nothing here: what they mean is a persistence model's business.
 *
 * Errors carry the codes of the platform (ENOENT, ENOTDIR, EISDIR, EEXIST, EBADF), as Linux gives them. A lock is a matter of this machine and is not on the disk.
 */
export class MemoryVfs implements Vfs {
  readonly #files = new Map<string, Node>();
  readonly #directories: Set<string>;
  #locked = false;

  constructor(disk: Disk) {
    this.#directories = new Set(disk.directories);
    for (const [path, { bytes }] of disk.files) this.#files.set(path, new Node(bytes));
  }

  /** The tree as it is now, everything included. */
  disk(): Disk {
    const files = new Map<string, Content>();
    for (const [path, node] of this.#files) files.set(path, new Content(node.bytes().slice()));
    return { directories: new Set(this.#directories), files };
  }

  /** Paths of all files with their sizes, sorted. */
  sizes(): readonly { readonly path: string; readonly bytes: number }[] {
    return [...this.#files]
      .map(([path, node]) => ({ path, bytes: node.length }))
      .sort((left, right) => (left.path < right.path ? -1 : 1));
  }

  create(path: string, _label: StepLabel): VfsFile {
    this.#requireParent(path, 'open');
    if (this.#files.has(path) || this.#directories.has(path)) throw systemError('EEXIST', 'open', path);
    const node = new Node(NOTHING);
    this.#files.set(path, node);
    return new MemoryFile(path, node);
  }

  open(path: string, _label: ReadLabel): VfsFile {
    return new MemoryFile(path, this.#node(path, 'open'));
  }

  rename(from: string, to: string, _label: StepLabel): void {
    this.#requireParent(from, 'rename');
    this.#requireParent(to, 'rename');
    const node = this.#node(from, 'rename');
    if (this.#directories.has(to)) throw systemError('EISDIR', 'rename', to);
    this.#files.delete(from);
    this.#files.set(to, node);
  }

  unlink(path: string, _label: StepLabel): void {
    this.#node(path, 'unlink');
    this.#files.delete(path);
  }

  list(directory: string, _label: ReadLabel): readonly string[] {
    if (directory !== '' && !this.#directories.has(directory)) {
      if (this.#isBelowFile(`${directory}/`)) throw systemError('ENOTDIR', 'scandir', directory);
      return [];
    }
    const names: string[] = [];
    for (const path of this.#files.keys()) if (directoryOf(path) === directory) names.push(nameOf(path));
    for (const path of this.#directories) if (directoryOf(path) === directory) names.push(nameOf(path));
    return names.sort();
  }

  makeDirectory(path: string, _label: StepLabel): void {
    if (path === '' || this.#directories.has(path)) return;
    if (this.#files.has(path)) throw systemError('EEXIST', 'mkdir', path);
    if (this.#isBelowFile(path)) throw systemError('ENOTDIR', 'mkdir', path);
    this.makeDirectory(directoryOf(path), _label);
    this.#directories.add(path);
  }

  syncDirectory(path: string, _label: StepLabel): Promise<void> {
    if (path === '' || this.#directories.has(path)) return DONE;
    return Promise.reject(systemError(this.#isBelowFile(`${path}/`) ? 'ENOTDIR' : 'ENOENT', 'open', path));
  }

  lock(path: string, _label: StepLabel): VfsLock {
    if (this.#locked) throw systemError('ELOCKED', 'lock', path);
    this.#locked = true;
    return {
      release: () => {
        this.#locked = false;
      },
    };
  }

  hasFile(path: string): boolean {
    return this.#files.has(path);
  }

  #node(path: string, call: string): Node {
    const node = this.#files.get(path);
    if (node !== undefined) return node;
    if (path === '' || this.#directories.has(path)) throw systemError('EISDIR', call, path);
    this.#requireParent(path, call);
    throw systemError('ENOENT', call, path);
  }

  #requireParent(path: string, call: string): void {
    const parent = directoryOf(path);
    if (parent === '' || this.#directories.has(parent)) return;
    throw systemError(this.#isBelowFile(path) ? 'ENOTDIR' : 'ENOENT', call, path);
  }

  /** Whether a directory on the way to this path is a file. */
  #isBelowFile(path: string): boolean {
    for (let parent = directoryOf(path); parent !== ''; parent = directoryOf(parent)) {
      if (this.#files.has(parent)) return true;
    }
    return false;
  }
}

/** The bytes of a file, which belong to the disk until something is written. */
class Node {
  length: number;
  #buffer: Uint8Array;
  #shared = true;

  constructor(bytes: Uint8Array) {
    this.#buffer = bytes;
    this.length = bytes.length;
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }

  append(bytes: Uint8Array): void {
    const end = this.length + bytes.length;
    if (this.#shared || end > this.#buffer.length)
      this.#copy(Math.max(end, this.length * 2, BUFFER_BYTES_MIN));
    this.#buffer.set(bytes, this.length);
    this.length = end;
  }

  truncate(length: number): void {
    // Whoever has read from the old buffer keeps what was read.
    const kept = Math.min(length, this.length);
    this.length = kept;
    this.#copy(Math.max(length, BUFFER_BYTES_MIN));
    this.length = length;
  }

  #copy(size: number): void {
    const copy = new Uint8Array(size);
    copy.set(this.#buffer.subarray(0, this.length));
    this.#buffer = copy;
    this.#shared = false;
  }
}

class MemoryFile implements VfsFile {
  readonly path: string;
  readonly #node: Node;
  #closed = false;

  constructor(path: string, node: Node) {
    this.path = path;
    this.#node = node;
  }

  append(bytes: Uint8Array, _label: StepLabel): void {
    this.#requireOpen('write');
    this.#node.append(bytes);
  }

  read(offset: number, length: number, _label: ReadLabel): Uint8Array {
    this.#requireOpen('read');
    return this.#node.bytes().subarray(offset, offset + length);
  }

  size(): number {
    return this.#node.length;
  }

  truncate(length: number, _label: StepLabel): void {
    this.#requireOpen('ftruncate');
    this.#node.truncate(length);
  }

  sync(_label: StepLabel): Promise<void> {
    return this.#closed ? Promise.reject(this.#badDescriptor('fdatasync')) : DONE;
  }

  close(): void {
    this.#requireOpen('close');
    this.#closed = true;
  }

  #requireOpen(call: string): void {
    if (this.#closed) throw this.#badDescriptor(call);
  }

  #badDescriptor(call: string): Error {
    return systemError('EBADF', call, this.path);
  }
}

const NOTHING = new Uint8Array(0);
const BUFFER_BYTES_MIN = 64;
const DONE = Promise.resolve();

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function systemError(code: string, call: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${call} '${path}'`), { code, syscall: call, path });
}
