import type { ReadLabel, StepLabel } from './step.js';
import type { Vfs, VfsFile } from './vfs.js';

/**
 * A layer over a Vfs that remembers of every error which call it came from, so that the engine can say which step on
 * which file has failed. The errors themselves pass unchanged. It adds no call and no turn of the event loop: a sync's
 * promise is handed on as it is.
 */
export function placedVfs(inner: Vfs): Vfs {
  return {
    create: (path, label) => placedFile(placing({ label, path }, () => inner.create(path, label))),
    open: (path, label) => placedFile(placing({ label, path }, () => inner.open(path, label))),
    rename: (from, to, label) => placing({ label, path: to }, () => inner.rename(from, to, label)),
    unlink: (path, label) => placing({ label, path }, () => inner.unlink(path, label)),
    list: (directory, label) => placing({ label, path: directory }, () => inner.list(directory, label)),
    makeDirectory: (path, label) => placing({ label, path }, () => inner.makeDirectory(path, label)),
    syncDirectory: (path, label) => placingLater({ label, path }, () => inner.syncDirectory(path, label)),
    lock(path, label) {
      const lock = placing({ label, path }, () => inner.lock(path, label));
      return {
        release: (releaseLabel) => placing({ label: releaseLabel, path }, () => lock.release(releaseLabel)),
      };
    },
  };
}

/** A call on a Vfs: what the engine was doing, and to which file or directory ('' is the database's own). */
export interface Place {
  readonly label: StepLabel | ReadLabel;
  readonly path: string;
}

/** The call that gave this error, or undefined if none did. */
export function placeOf(error: unknown): Place | undefined {
  return isObject(error) ? places.get(error) : undefined;
}

/** By error. A platform that throws one error object twice gets the later place. */
const places = new WeakMap<object, Place>();

function placedFile(inner: VfsFile): VfsFile {
  const { path } = inner;
  return {
    path,
    // Every put and every get comes here, so these two make nothing unless there is an error.
    append(bytes, label) {
      try {
        inner.append(bytes, label);
      } catch (error) {
        note(error, { label, path });
        throw error;
      }
    },
    read(offset, length, label) {
      try {
        return inner.read(offset, length, label);
      } catch (error) {
        note(error, { label, path });
        throw error;
      }
    },
    size: () => inner.size(),
    truncate: (length, label) => placing({ label, path }, () => inner.truncate(length, label)),
    sync: (label) => placingLater({ label, path }, () => inner.sync(label)),
    close: () => inner.close(),
  };
}

function placing<Value>(place: Place, call: () => Value): Value {
  try {
    return call();
  } catch (error) {
    note(error, place);
    throw error;
  }
}

function placingLater(place: Place, call: () => Promise<void>): Promise<void> {
  const done = placing(place, call);
  // Registered before the caller's own handler, so the place is known when that runs.
  done.catch((error: unknown) => note(error, place));
  return done;
}

function note(error: unknown, place: Place): void {
  if (isObject(error)) places.set(error, place);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
