import type { ReadLabel, StepLabel, Vfs, VfsFile, VfsLock } from '../../engine/index.js';
import type { Disk } from './disk.js';
import { inodesOf } from './simulation.js';
import { type Change, isChange, type TraceStep } from './trace.js';

/**
 * A layer over a Vfs that writes down every step that succeeds. A sync is written down when it is answered, with the
 * number of steps done when it was asked for, because it promises nothing about what was written meanwhile.
 *
 * A sync can be made to fail: it is asked for below all the same, so that its turn comes when it would have come, and is
 * written down as not answered; then the caller gets EIO. Below lies a disk for which a sync means nothing, such as one
 * in memory.
 */
export class RecordingVfs implements Vfs {
  readonly #inner: Vfs;
  readonly #recording: Recording;

  constructor(inner: Vfs, recording: Recording) {
    this.#inner = inner;
    this.#recording = recording;
  }

  create(path: string, label: StepLabel): VfsFile {
    const file = this.#inner.create(path, label);
    const inode = this.#recording.newInode();
    this.#recording.add({ kind: 'create', label, inode, path });
    return new RecordingFile(file, inode, this.#recording);
  }

  open(path: string, label: ReadLabel): VfsFile {
    return new RecordingFile(this.#inner.open(path, label), this.#recording.inodeOf(path), this.#recording);
  }

  rename(from: string, to: string, label: StepLabel): void {
    this.#inner.rename(from, to, label);
    const inode = this.#recording.inodeOf(from);
    const replaced = this.#recording.names.get(to) ?? null;
    this.#recording.add({ kind: 'rename', label, inode, from, path: to, replaced });
  }

  unlink(path: string, label: StepLabel): void {
    this.#inner.unlink(path, label);
    this.#recording.add({ kind: 'unlink', label, inode: this.#recording.inodeOf(path), path });
  }

  list(directory: string, label: ReadLabel): readonly string[] {
    return this.#inner.list(directory, label);
  }

  makeDirectory(path: string, label: StepLabel): void {
    this.#inner.makeDirectory(path, label);
    const known = path === '' || this.#recording.directories.has(path);
    this.#recording.add(known ? { kind: 'none', label, path } : { kind: 'mkdir', label, path });
  }

  async syncDirectory(path: string, label: StepLabel): Promise<void> {
    const since = this.#recording.steps.length;
    const failure = this.#recording.nextSyncFails(label);
    await this.#inner.syncDirectory(path, label);
    this.#recording.add({ kind: 'sync-directory', label, path, since, answered: failure === undefined });
    this.#recording.raise(failure);
  }

  lock(path: string, label: StepLabel): VfsLock {
    const lock = this.#inner.lock(path, label);
    this.#recording.add({ kind: 'none', label, path });
    return {
      release: (releaseLabel) => {
        lock.release(releaseLabel);
        this.#recording.add({ kind: 'none', label: releaseLabel, path });
      },
    };
  }
}

class RecordingFile implements VfsFile {
  readonly path: string;
  readonly #inner: VfsFile;
  readonly #inode: number;
  readonly #recording: Recording;

  constructor(inner: VfsFile, inode: number, recording: Recording) {
    this.path = inner.path;
    this.#inner = inner;
    this.#inode = inode;
    this.#recording = recording;
  }

  append(bytes: Uint8Array, label: StepLabel): void {
    const offset = this.#inner.size();
    this.#inner.append(bytes, label);
    const { path } = this;
    if (bytes.length === 0) this.#recording.add({ kind: 'none', label, path });
    // A copy, because the caller may use its buffer again.
    else
      this.#recording.add({ kind: 'write', label, inode: this.#inode, path, offset, bytes: bytes.slice() });
  }

  read(offset: number, length: number, label: ReadLabel): Uint8Array {
    return this.#inner.read(offset, length, label);
  }

  size(): number {
    return this.#inner.size();
  }

  truncate(length: number, label: StepLabel): void {
    this.#inner.truncate(length, label);
    this.#recording.add({ kind: 'truncate', label, inode: this.#inode, path: this.path, length });
  }

  async sync(label: StepLabel): Promise<void> {
    const since = this.#recording.steps.length;
    const failure = this.#recording.nextSyncFails(label);
    await this.#inner.sync(label);
    const { path } = this;
    const answered = failure === undefined;
    this.#recording.add({ kind: 'sync', label, inode: this.#inode, path, whole: false, since, answered });
    this.#recording.raise(failure);
  }

  close(): void {
    this.#inner.close();
  }
}

/** The steps of a machine since its power came on, and the identity of its files. */
export class Recording {
  readonly steps: TraceStep[] = [];
  readonly names: Map<string, number>;
  readonly directories: Set<string>;
  /** Called after each step. */
  onStep: (step: TraceStep) => void = () => undefined;
  /** Called before a sync fails, with the fault as text. */
  onFault: (fault: string) => void = () => undefined;
  readonly #failing = new Map<string, string>();
  readonly #syncs = new Map<string, number>();
  #inodes: number;

  /** `steps`: what was done on this disk since the power came on, if a process was killed before. */
  constructor(disk: Disk, steps: readonly TraceStep[] = []) {
    this.names = inodesOf(disk);
    this.directories = new Set(disk.directories);
    this.#inodes = this.names.size;
    for (const step of steps) this.add(step);
  }

  /** The n-th sync of this label from now on fails with EIO; `text` is the fault as it is written. */
  failSync(label: string, occurrence: number, text: string): void {
    this.#failing.set(`${label}#${occurrence}`, text);
  }

  newInode(): number {
    return this.#inodes + 1;
  }

  inodeOf(path: string): number {
    const inode = this.names.get(path);
    if (inode === undefined) throw new Error(`The recording knows no file ${path}.`);
    return inode;
  }

  add(step: TraceStep): void {
    this.steps.push(step);
    if (isChange(step)) this.#follow(step);
    this.onStep(step);
  }

  nextSyncFails(label: string): string | undefined {
    const occurrence = (this.#syncs.get(label) ?? 0) + 1;
    this.#syncs.set(label, occurrence);
    return this.#failing.get(`${label}#${occurrence}`);
  }

  raise(failure: string | undefined): void {
    if (failure === undefined) return;
    this.onFault(failure);
    throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO', syscall: 'fsync' });
  }

  #follow(step: Change): void {
    switch (step.kind) {
      case 'create':
        this.#inodes = Math.max(this.#inodes, step.inode);
        this.names.set(step.path, step.inode);
        return;
      case 'rename':
        this.names.delete(step.from);
        this.names.set(step.path, step.inode);
        return;
      case 'unlink':
        this.names.delete(step.path);
        return;
      case 'mkdir':
        this.directories.add(step.path);
        return;
      case 'write':
      case 'truncate':
        return;
    }
  }
}
