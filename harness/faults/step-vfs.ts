import type { ReadLabel, StepLabel, Vfs, VfsFile, VfsLock } from '../../engine/index.js';

/**
 * A layer over a Vfs that shows every step to an observer: before it happens, after it happened, and, for a write,
 * with the chance to let only a first part of it happen. Reads pass through. The layer itself changes nothing.
 */
export interface StepObserver {
  before(label: StepLabel, path: string): void;
  after(label: StepLabel, path: string): void;
  /** Bytes of this write after which `cut` is called instead of the rest being written; undefined to write all. */
  cutAt(label: StepLabel, bytes: number): number | undefined;
  cut(label: StepLabel): void;
}

export class StepVfs implements Vfs {
  private readonly inner: Vfs;
  private readonly observer: StepObserver;

  constructor(inner: Vfs, observer: StepObserver) {
    this.inner = inner;
    this.observer = observer;
  }

  create(path: string, label: StepLabel): VfsFile {
    const file = this.step(label, path, () => this.inner.create(path, label));
    return new StepFile(file, this.observer);
  }

  open(path: string, label: ReadLabel): VfsFile {
    return new StepFile(this.inner.open(path, label), this.observer);
  }

  rename(from: string, to: string, label: StepLabel): void {
    this.step(label, to, () => this.inner.rename(from, to, label));
  }

  unlink(path: string, label: StepLabel): void {
    this.step(label, path, () => this.inner.unlink(path, label));
  }

  list(directory: string, label: ReadLabel): readonly string[] {
    return this.inner.list(directory, label);
  }

  makeDirectory(path: string, label: StepLabel): void {
    this.step(label, path, () => this.inner.makeDirectory(path, label));
  }

  async syncDirectory(path: string, label: StepLabel): Promise<void> {
    this.observer.before(label, path);
    await this.inner.syncDirectory(path, label);
    this.observer.after(label, path);
  }

  lock(path: string, label: StepLabel): VfsLock {
    const lock = this.step(label, path, () => this.inner.lock(path, label));
    return {
      release: (releaseLabel) => this.step(releaseLabel, path, () => lock.release(releaseLabel)),
    };
  }

  private step<Value>(label: StepLabel, path: string, run: () => Value): Value {
    this.observer.before(label, path);
    const value = run();
    this.observer.after(label, path);
    return value;
  }
}

class StepFile implements VfsFile {
  readonly path: string;
  private readonly inner: VfsFile;
  private readonly observer: StepObserver;

  constructor(inner: VfsFile, observer: StepObserver) {
    this.path = inner.path;
    this.inner = inner;
    this.observer = observer;
  }

  append(bytes: Uint8Array, label: StepLabel): void {
    this.observer.before(label, this.path);
    const cut = this.observer.cutAt(label, bytes.length);
    if (cut === undefined) {
      this.inner.append(bytes, label);
    } else {
      this.inner.append(bytes.subarray(0, cut), label);
      this.observer.cut(label);
    }
    this.observer.after(label, this.path);
  }

  read(offset: number, length: number, label: ReadLabel): Uint8Array {
    return this.inner.read(offset, length, label);
  }

  size(): number {
    return this.inner.size();
  }

  truncate(length: number, label: StepLabel): void {
    this.observer.before(label, this.path);
    this.inner.truncate(length, label);
    this.observer.after(label, this.path);
  }

  async sync(label: StepLabel): Promise<void> {
    this.observer.before(label, this.path);
    await this.inner.sync(label);
    this.observer.after(label, this.path);
  }

  close(): void {
    this.inner.close();
  }
}
