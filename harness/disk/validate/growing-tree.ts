import type { Random } from '../../random.js';
import { type Disk } from '../disk.js';
import { inodesOf } from '../simulation.js';
import type { TraceStep } from '../trace.js';

/**
 * The tree that a trace is growing, as a process sees it: knows names, inodes and sizes, so that every next step is a
 * legal one, and gives each step its inode and its place. Contents are not kept.
 */
export class GrowingTree {
  readonly #names: Map<string, number>;
  readonly #sizes = new Map<number, number>();
  readonly #directories: Set<string>;
  #inodesGiven: number;
  #steps = 0;
  #pathsGiven = 0;

  constructor(start: Disk) {
    this.#names = inodesOf(start);
    this.#directories = new Set(start.directories);
    this.#inodesGiven = this.#names.size;
    for (const [path, inode] of this.#names) this.#sizes.set(inode, start.files.get(path)?.bytes.length ?? 0);
  }

  /** Steps given out so far. */
  get steps(): number {
    return this.#steps;
  }

  files(): readonly string[] {
    return [...this.#names.keys()];
  }

  /** With the root. */
  directories(): readonly string[] {
    return ['', ...this.#directories];
  }

  sizeOf(path: string): number {
    return this.#sizes.get(this.#inodeOf(path)) ?? 0;
  }

  /** A path in one of the directories that nothing ever had. */
  newPath(random: Random): string {
    this.#pathsGiven++;
    return join(random.pick(this.directories()), `new-${this.#pathsGiven}`);
  }

  create(path: string): TraceStep {
    const inode = ++this.#inodesGiven;
    this.#names.set(path, inode);
    this.#sizes.set(inode, 0);
    return this.#step({ kind: 'create', label: 'validate/create', inode, path });
  }

  write(path: string, offset: number, bytes: Uint8Array): TraceStep {
    const inode = this.#inodeOf(path);
    this.#sizes.set(inode, Math.max(this.sizeOf(path), offset + bytes.length));
    return this.#step({ kind: 'write', label: 'validate/write', inode, path, offset, bytes });
  }

  truncate(path: string, length: number): TraceStep {
    const inode = this.#inodeOf(path);
    this.#sizes.set(inode, length);
    return this.#step({ kind: 'truncate', label: 'validate/truncate', inode, path, length });
  }

  rename(from: string, path: string): TraceStep {
    const inode = this.#inodeOf(from);
    const replaced = this.#names.get(path) ?? null;
    this.#names.delete(from);
    this.#names.set(path, inode);
    return this.#step({ kind: 'rename', label: 'validate/rename', inode, from, path, replaced });
  }

  unlink(path: string): TraceStep {
    const inode = this.#inodeOf(path);
    this.#names.delete(path);
    return this.#step({ kind: 'unlink', label: 'validate/unlink', inode, path });
  }

  makeDirectory(): TraceStep {
    const path = `d-${this.#directories.size + 1}`;
    this.#directories.add(path);
    return this.#step({ kind: 'mkdir', label: 'validate/mkdir', path });
  }

  /** `whole`: fsync; otherwise fdatasync. */
  sync(path: string, whole: boolean): TraceStep {
    const inode = this.#inodeOf(path);
    const since = this.#steps;
    return this.#step({ kind: 'sync', label: 'validate/sync', inode, path, whole, since, answered: true });
  }

  syncDirectory(path: string): TraceStep {
    const since = this.#steps;
    return this.#step({
      kind: 'sync-directory',
      label: 'validate/sync-directory',
      path,
      since,
      answered: true,
    });
  }

  #step(step: TraceStep): TraceStep {
    this.#steps++;
    return step;
  }

  #inodeOf(path: string): number {
    const inode = this.#names.get(path);
    if (inode === undefined) throw new RangeError(`Expected a file at ${path}, found none.`);
    return inode;
  }
}

function join(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
