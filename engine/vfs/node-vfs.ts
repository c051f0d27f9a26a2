import * as fs from 'node:fs';
import * as path from 'node:path';
import { takeLock } from './node-lock.js';
import type { ReadLabel, StepLabel } from './step.js';
import type { Vfs, VfsFile, VfsLock } from './vfs.js';

/**
 * The real disk below one directory. Writes go straight to write(2): nothing is buffered in the process, so what
 * a call has done survives SIGKILL. Syncs run on the thread pool, or inline where the caller must decide their
 * order itself.
 *
 * POSIX only: directories are synced by opening them, which Windows does not allow.
 */
export class NodeVfs implements Vfs {
  private readonly root: string;
  private readonly syncs: SyncCalls;

  constructor(root: string, syncs: 'thread-pool' | 'inline' = 'thread-pool') {
    this.root = path.resolve(root);
    this.syncs = syncs === 'inline' ? INLINE : THREAD_POOL;
  }

  create(name: string, _label: StepLabel): VfsFile {
    const { O_CREAT, O_EXCL, O_APPEND, O_RDWR } = fs.constants;
    return new NodeFile(
      name,
      fs.openSync(this.resolve(name), O_CREAT | O_EXCL | O_APPEND | O_RDWR, 0o644),
      0,
      this.syncs,
    );
  }

  open(name: string, _label: ReadLabel): VfsFile {
    const descriptor = fs.openSync(this.resolve(name), fs.constants.O_APPEND | fs.constants.O_RDWR);
    return new NodeFile(name, descriptor, fs.fstatSync(descriptor).size, this.syncs);
  }

  rename(from: string, to: string, _label: StepLabel): void {
    fs.renameSync(this.resolve(from), this.resolve(to));
  }

  unlink(name: string, _label: StepLabel): void {
    fs.unlinkSync(this.resolve(name));
  }

  list(directory: string, _label: ReadLabel): readonly string[] {
    try {
      return fs.readdirSync(this.resolve(directory)).sort(compareBytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  makeDirectory(name: string, _label: StepLabel): void {
    fs.mkdirSync(this.resolve(name), { recursive: true });
  }

  async syncDirectory(name: string, _label: StepLabel): Promise<void> {
    const descriptor = fs.openSync(this.resolve(name), fs.constants.O_RDONLY);
    try {
      await this.syncs.directory(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  }

  lock(name: string, _label: StepLabel): VfsLock {
    const release = takeLock(this.resolve(name));
    return { release: () => release() };
  }

  private resolve(name: string): string {
    return path.join(this.root, name);
  }
}

class NodeFile implements VfsFile {
  readonly path: string;
  private readonly descriptor: number;
  private readonly syncs: SyncCalls;
  private length: number;

  constructor(name: string, descriptor: number, length: number, syncs: SyncCalls) {
    this.path = name;
    this.descriptor = descriptor;
    this.length = length;
    this.syncs = syncs;
  }

  append(bytes: Uint8Array, _label: StepLabel): void {
    // write(2) may take less than it was given, for example when the disk fills up.
    for (let done = 0; done < bytes.length;) {
      const written = fs.writeSync(this.descriptor, bytes, done, bytes.length - done);
      done += written;
      this.length += written;
    }
  }

  read(offset: number, length: number, _label: ReadLabel): Uint8Array {
    const wanted = Math.max(0, Math.min(length, this.length - offset));
    const bytes = Buffer.allocUnsafe(wanted);
    let done = 0;
    while (done < wanted) {
      const got = fs.readSync(this.descriptor, bytes, done, wanted - done, offset + done);
      if (got === 0) break;
      done += got;
    }
    return bytes.subarray(0, done);
  }

  size(): number {
    return this.length;
  }

  truncate(length: number, _label: StepLabel): void {
    fs.ftruncateSync(this.descriptor, length);
    this.length = length;
  }

  sync(_label: StepLabel): Promise<void> {
    return this.syncs.file(this.descriptor);
  }

  close(): void {
    fs.closeSync(this.descriptor);
  }
}

interface SyncCalls {
  file(descriptor: number): Promise<void>;
  directory(descriptor: number): Promise<void>;
}

const THREAD_POOL: SyncCalls = {
  file: (descriptor) =>
    new Promise((resolve, reject) =>
      fs.fdatasync(descriptor, (error) => (error === null ? resolve() : reject(error))),
    ),
  directory: (descriptor) =>
    new Promise((resolve, reject) =>
      fs.fsync(descriptor, (error) => (error === null ? resolve() : reject(error))),
    ),
};

const INLINE: SyncCalls = {
  file: async (descriptor) => fs.fdatasyncSync(descriptor),
  directory: async (descriptor) => fs.fsyncSync(descriptor),
};

function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}
