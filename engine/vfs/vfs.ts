import type { ReadLabel, StepLabel } from './step.js';

/**
 * The one door to the disk. Paths are relative to the database directory and use `/`.
 *
 * Everything but a sync is synchronous: a write(2) into the page cache costs about two microseconds, a trip
 * through a thread pool ten times that. A sync waits for a device, so it is the one call that returns a promise;
 * the completion order of syncs is the only freedom that a file system has to interleave the engine's work.
 *
 * Nothing here is durable until the text says so. Errors are thrown as the platform gives them (`ErrnoException`).
 */
export interface Vfs {
  /** Creates an empty file that must not exist. Neither the file nor its directory entry is durable. */
  create(path: string, label: StepLabel): VfsFile;
  /** Opens an existing file for reading and appending. */
  open(path: string, label: ReadLabel): VfsFile;
  /** Atomically gives `from` the name `to`, replacing what was there. Durable after `syncDirectory`. */
  rename(from: string, to: string, label: StepLabel): void;
  /** Removes a name. Without `syncDirectory` a power loss may bring it back. */
  unlink(path: string, label: StepLabel): void;
  /** Names in a directory, sorted by bytes; empty if the directory is not there. */
  list(directory: string, label: ReadLabel): readonly string[];
  /** Creates a directory (the root itself is ''); does nothing if it exists. Durable after its parent is synced. */
  makeDirectory(path: string, label: StepLabel): void;
  /** Makes the entries of a directory durable: names created, renamed and removed in it before the call. */
  syncDirectory(path: string, label: StepLabel): Promise<void>;
  /** Takes the database for this process, or throws an error with code 'ELOCKED'. A dead owner holds nothing. */
  lock(path: string, label: StepLabel): VfsLock;
}

export interface VfsFile {
  readonly path: string;
  /** Adds bytes at the end, all or (with an error) any prefix of them. Not durable. The bytes are the caller's again afterwards. */
  append(bytes: Uint8Array, label: StepLabel): void;
  /** Reads up to `length` bytes at `offset`; fewer only at the end of the file. */
  read(offset: number, length: number, label: ReadLabel): Uint8Array;
  /** Length in bytes, appended bytes included. */
  size(): number;
  /** Cuts the file to `length` bytes. Not durable. */
  truncate(length: number, label: StepLabel): void;
  /** fdatasync: the bytes and the size are durable once it resolves. The directory entry is not. */
  sync(label: StepLabel): Promise<void>;
  /** Closes the descriptor. Does not sync. */
  close(): void;
}

export interface VfsLock {
  release(label: StepLabel): void;
}
