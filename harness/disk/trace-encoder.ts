import type { Disk } from './disk.js';
import type { TraceMark, TraceStep } from './trace.js';
import { concatenated, TraceWriter } from './trace-bytes.js';
import { CHUNK_HEADER_BYTES, ChunkEncoder } from './trace-chunk.js';
import { TraceError } from './trace-error.js';
import {
  isInside,
  pathProblem,
  TRACE_BYTES_MAX,
  TRACE_ENTRIES_MAX,
  TRACE_NAME_BYTES_MAX,
  TRACED_FILE_BYTES_MAX,
  TRACED_INODE_MAX,
} from './trace-limits.js';

/** The first byte of an entry. */
export const ENTRY_TAGS = {
  write: 1,
  truncate: 2,
  create: 3,
  rename: 4,
  unlink: 5,
  mkdir: 6,
  sync: 7,
  'sync-directory': 8,
  none: 9,
  mark: 10,
} as const;

/**
 * Writes a trace while it grows: every call gives the bytes to append to the file, so that what was handed over is
 * readable even if this process is killed right after. Throws RangeError for what is no step (a path that leaves the
 * disk, a sync of later steps) and TraceError 'too-large' at the limits of a file; nothing can be appended after that.
 */
export class TraceEncoder {
  readonly #chunks = new ChunkEncoder();
  readonly #writer = new TraceWriter();
  readonly #names = new Map<string, number>();
  readonly #chunkBytes: number;
  #disk: Disk | undefined;
  #steps = 0;
  #marks = 0;
  #bytes = 0;

  /**
   * `disk` is what was there before step 0. With `chunkBytes` above 0 the entries are collected until they are as many
   * bytes, which takes less space; then calls give no bytes until a chunk is full.
   */
  constructor(disk: Disk, chunkBytes = 0) {
    this.#disk = disk;
    this.#chunkBytes = chunkBytes;
  }

  /** The header of the file and the disk. It is part of what the first other call gives if it was not called. */
  start(): Uint8Array {
    const disk = this.#disk;
    if (disk === undefined) return NOTHING;
    this.#disk = undefined;
    const header = this.#chunks.fileHeader();
    this.#writer.varint(disk.directories.size);
    for (const path of disk.directories) {
      if (!isInside(path, disk) || disk.files.has(path)) throw new RangeError(`No place for ${path}.`);
      this.#path(path);
    }
    this.#writer.varint(disk.files.size);
    for (const [path, content] of disk.files) {
      if (!isInside(path, disk)) throw new RangeError(`No directory for ${path}.`);
      this.#path(path);
      this.#data(content.bytes);
    }
    return concatenated([header, this.#seal('disk')]);
  }

  step(step: TraceStep): Uint8Array {
    const started = this.start();
    this.#step(step);
    this.#steps++;
    return this.#appended(started);
  }

  /** Its place in the file says at which step it was, so it must be at the steps that were written so far. */
  mark(mark: TraceMark): Uint8Array {
    const started = this.start();
    if (mark.step !== this.#steps)
      throw new RangeError(`Expected a mark at step ${this.#steps}, got one at ${mark.step}.`);
    this.#writer.byte(ENTRY_TAGS.mark);
    this.#writer.text(mark.text);
    this.#marks++;
    return this.#appended(started);
  }

  /** Says that the trace is whole. Nothing may be appended after it. */
  end(): Uint8Array {
    const started = this.start();
    const rest = this.#writer.length > 0 ? this.#seal('entries') : NOTHING;
    this.#writer.varint(this.#steps);
    this.#writer.varint(this.#marks);
    return concatenated([started, rest, this.#seal('end')]);
  }

  #appended(started: Uint8Array): Uint8Array {
    if (this.#steps + this.#marks > TRACE_ENTRIES_MAX) this.#tooLarge(`${TRACE_ENTRIES_MAX} steps and marks`);
    const chunk = this.#writer.length > this.#chunkBytes ? this.#seal('entries') : NOTHING;
    return started.length === 0 ? chunk : concatenated([started, chunk]);
  }

  #seal(kind: 'disk' | 'entries' | 'end'): Uint8Array {
    this.#bytes += CHUNK_HEADER_BYTES + this.#writer.length;
    const limit = TRACE_BYTES_MAX - (kind === 'end' ? 0 : END_BYTES);
    if (this.#bytes > limit) this.#tooLarge(`${TRACE_BYTES_MAX} bytes`);
    return this.#chunks.chunk(kind, this.#writer.take());
  }

  #step(step: TraceStep): void {
    this.#writer.byte(ENTRY_TAGS[step.kind]);
    this.#name(step.label);
    switch (step.kind) {
      case 'write':
        this.#path(step.path);
        this.#inode(step.inode);
        if (step.bytes.length === 0) throw new RangeError('Expected a write of at least one byte.');
        if (step.offset + step.bytes.length > TRACED_FILE_BYTES_MAX) this.#tooLarge(FILE_LIMIT);
        this.#size(step.offset);
        this.#data(step.bytes);
        return;
      case 'truncate':
        this.#path(step.path);
        this.#inode(step.inode);
        this.#size(step.length);
        return;
      case 'create':
      case 'unlink':
        this.#path(step.path);
        this.#inode(step.inode);
        return;
      case 'rename':
        this.#path(step.path);
        this.#inode(step.inode);
        this.#path(step.from);
        if (step.replaced === null) this.#writer.varint(0);
        else this.#inode(step.replaced);
        return;
      case 'mkdir':
      case 'none':
        this.#path(step.path, 'root too');
        return;
      case 'sync':
        this.#path(step.path);
        this.#inode(step.inode);
        this.#sync(step.since, step.answered, step.whole);
        return;
      case 'sync-directory':
        this.#path(step.path, 'root too');
        this.#sync(step.since, step.answered, false);
        return;
    }
  }

  #sync(since: number, answered: boolean, whole: boolean): void {
    this.#writer.byte((answered ? 1 : 0) + (whole ? 2 : 0));
    this.#writer.varint(this.#steps - since);
    if (since < 0) throw new RangeError(`Expected the number of a step, got ${since}.`);
  }

  #path(path: string, root: 'root too' | 'no root' = 'no root'): void {
    const problem = pathProblem(path, root);
    if (problem !== undefined) throw new RangeError(`Expected a path below the root, got ${problem}.`);
    this.#name(path);
  }

  /** The first use spells the name out, later ones give its number, counted from 1. */
  #name(name: string): void {
    const number = this.#names.get(name);
    this.#writer.varint(number ?? 0);
    if (number !== undefined) return;
    this.#names.set(name, this.#names.size + 1);
    if (Buffer.byteLength(name) > TRACE_NAME_BYTES_MAX)
      this.#tooLarge(`${TRACE_NAME_BYTES_MAX} bytes in a name`);
    this.#writer.text(name);
  }

  #inode(inode: number): void {
    if (inode < 1 || inode > TRACED_INODE_MAX) throw new RangeError(`Expected an inode, got ${inode}.`);
    this.#writer.varint(inode);
  }

  #size(bytes: number): void {
    if (bytes > TRACED_FILE_BYTES_MAX) this.#tooLarge(FILE_LIMIT);
    this.#writer.varint(bytes);
  }

  #data(bytes: Uint8Array): void {
    this.#size(bytes.length);
    this.#writer.bytes(bytes);
  }

  #tooLarge(limit: string): never {
    const facts = { file: 'the trace', offset: this.#bytes, expected: `at most ${limit}`, got: 'more' };
    throw new TraceError('too-large', facts);
  }
}

const NOTHING = new Uint8Array(0);
const FILE_LIMIT = `${TRACED_FILE_BYTES_MAX} bytes in a file`;
/** Room for the chunk that ends a trace. */
const END_BYTES = 64;
