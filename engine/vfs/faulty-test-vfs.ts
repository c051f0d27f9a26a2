import type { ReadLabel, StepLabel } from './step.js';
import type { Vfs, VfsFile } from './vfs.js';

/**
 * For tests only: a layer over a Vfs that asks `before` about every call and lets it throw in the call's place.
 * A `TornWrite` lets the first half of a write through and then throws what it holds. `size` and `close` are not
 * asked about: they do no I/O that could matter.
 */
export interface VfsCall {
  /** Counted from 0 over the life of the layer. */
  readonly index: number;
  readonly kind: 'create' | 'append' | 'truncate' | 'sync' | 'rename' | 'unlink' | 'mkdir' | 'lock' | 'read';
  readonly label: StepLabel | ReadLabel;
  readonly path: string;
}

export class TornWrite extends Error {
  readonly error: Error;
  constructor(error: Error) {
    super(error.message);
    this.error = error;
  }
}

export function faultyVfs(inner: Vfs, before: (call: VfsCall) => void): Vfs {
  let calls = 0;
  const ask = (kind: VfsCall['kind'], label: VfsCall['label'], path: string): void => {
    before({ index: calls++, kind, label, path });
  };
  return {
    create(path, label) {
      ask('create', label, path);
      return faultyFile(inner.create(path, label), ask);
    },
    open(path, label) {
      ask('read', label, path);
      return faultyFile(inner.open(path, label), ask);
    },
    rename(from, to, label) {
      ask('rename', label, to);
      inner.rename(from, to, label);
    },
    unlink(path, label) {
      ask('unlink', label, path);
      inner.unlink(path, label);
    },
    list(directory, label) {
      ask('read', label, directory);
      return inner.list(directory, label);
    },
    makeDirectory(path, label) {
      ask('mkdir', label, path);
      inner.makeDirectory(path, label);
    },
    async syncDirectory(path, label) {
      ask('sync', label, path);
      await inner.syncDirectory(path, label);
    },
    lock(path, label) {
      ask('lock', label, path);
      const lock = inner.lock(path, label);
      return {
        release(releaseLabel) {
          ask('lock', releaseLabel, path);
          lock.release(releaseLabel);
        },
      };
    },
  };
}

function faultyFile(
  inner: VfsFile,
  ask: (kind: VfsCall['kind'], label: VfsCall['label'], path: string) => void,
): VfsFile {
  const { path } = inner;
  return {
    path,
    append(bytes, label) {
      try {
        ask('append', label, path);
      } catch (error) {
        if (!(error instanceof TornWrite)) throw error;
        inner.append(bytes.subarray(0, bytes.length >> 1), label);
        throw error.error;
      }
      inner.append(bytes, label);
    },
    read(offset, length, label) {
      ask('read', label, path);
      return inner.read(offset, length, label);
    },
    size: () => inner.size(),
    truncate(length, label) {
      ask('truncate', label, path);
      inner.truncate(length, label);
    },
    async sync(label) {
      ask('sync', label, path);
      await inner.sync(label);
    },
    close: () => inner.close(),
  };
}

/** An error as the platform gives it. */
export function inputOutputError(code = 'EIO'): Error {
  return Object.assign(new Error(`${code}: planted by the test`), { code });
}
