import { Content } from './content.js';
import { type Disk, EMPTY_DISK } from './disk.js';
import type { TraceMark, TraceStep } from './trace.js';
import type { TraceReader } from './trace-bytes.js';
import { ENTRY_TAGS } from './trace-encoder.js';
import {
  isInside,
  pathProblem,
  TRACE_BYTES_MAX,
  TRACE_ENTRIES_MAX,
  TRACE_NAME_BYTES_MAX,
  TRACED_FILE_BYTES_MAX,
  TRACED_INODE_MAX,
} from './trace-limits.js';

/**
 * Reads the payloads of a trace file in order: names are defined where they are first used, so a chunk means nothing
 * without those before it. It checks every field by itself and whatever a later reader would have to rely on (a sync
 * covers only earlier steps); that a file was created before it is written is not its matter.
 */
export class TraceDecoder {
  readonly steps: TraceStep[] = [];
  readonly marks: TraceMark[] = [];
  disk: Disk = EMPTY_DISK;
  readonly #names: string[] = [];

  readDisk(reader: TraceReader): void {
    const directories = new Set<string>();
    const files = new Map<string, Content>();
    this.disk = { directories, files };
    for (let left = reader.varint(TRACE_ENTRIES_MAX, 'the number of directories'); left > 0; left--) {
      directories.add(this.#newPath(reader));
    }
    for (let left = reader.varint(TRACE_ENTRIES_MAX, 'the number of files'); left > 0; left--) {
      const path = this.#newPath(reader);
      files.set(path, new Content(reader.lengthPrefixed(TRACED_FILE_BYTES_MAX, 'the content of a file')));
    }
    for (const path of [...directories, ...files.keys()]) {
      if (!isInside(path, this.disk)) reader.fail('every path in a directory of the disk', shown(path));
    }
    reader.expectEnd();
  }

  readEntries(reader: TraceReader): void {
    while (reader.remaining > 0) {
      if (this.steps.length + this.marks.length === TRACE_ENTRIES_MAX)
        reader.fail(`at most ${TRACE_ENTRIES_MAX} steps and marks`, 'more');
      const tag = reader.byte('an entry');
      if (tag === ENTRY_TAGS.mark) {
        this.marks.push({ step: this.steps.length, text: reader.text(TRACE_BYTES_MAX, 'a mark') });
      } else this.steps.push(this.#step(tag, reader));
    }
  }

  readEnd(reader: TraceReader): void {
    for (const { length, what } of [
      { length: this.steps.length, what: 'steps' },
      { length: this.marks.length, what: 'marks' },
    ]) {
      const counted = reader.varint(TRACE_ENTRIES_MAX, `the number of ${what}`);
      if (counted !== length) reader.fail(`${length} ${what} in the count at the end`, `${counted}`);
    }
    reader.expectEnd();
  }

  #step(tag: number, reader: TraceReader): TraceStep {
    const kind = STEP_KINDS.find((known) => ENTRY_TAGS[known] === tag);
    if (kind === undefined) return reader.fail('an entry of kind 1 to 10', `${tag}`);
    const label = this.#name(reader, 'a label');
    switch (kind) {
      case 'write': {
        const file = this.#file(reader);
        const offset = reader.varint(TRACED_FILE_BYTES_MAX - 1, 'an offset');
        const bytes = reader.lengthPrefixed(TRACED_FILE_BYTES_MAX - offset, 'the data of a write');
        if (bytes.length === 0) reader.fail('a write of at least one byte', 'none');
        return { kind, label, ...file, offset, bytes };
      }
      case 'truncate':
        return { kind, label, ...this.#file(reader), length: reader.varint(TRACED_FILE_BYTES_MAX, 'a size') };
      case 'create':
      case 'unlink':
        return { kind, label, ...this.#file(reader) };
      case 'rename': {
        const file = this.#file(reader);
        const from = this.#path(reader);
        const replaced = reader.varint(TRACED_INODE_MAX, 'an inode');
        return { kind, label, ...file, from, replaced: replaced === 0 ? null : replaced };
      }
      case 'mkdir':
      case 'none':
        return { kind, label, path: this.#path(reader, 'root too') };
      case 'sync': {
        const file = this.#file(reader);
        const { flags, since } = this.#sync(reader, 3);
        return { kind, label, ...file, whole: (flags & 2) !== 0, since, answered: (flags & 1) !== 0 };
      }
      case 'sync-directory': {
        const path = this.#path(reader, 'root too');
        const { flags, since } = this.#sync(reader, 1);
        return { kind, label, path, since, answered: flags === 1 };
      }
    }
  }

  #sync(reader: TraceReader, flagsMax: number): { readonly flags: number; readonly since: number } {
    const flags = reader.varint(flagsMax, 'the flags of a sync');
    return { flags, since: this.steps.length - reader.varint(this.steps.length, 'the steps since a sync') };
  }

  #file(reader: TraceReader): { readonly path: string; readonly inode: number } {
    const path = this.#path(reader);
    return { path, inode: reader.varint(TRACED_INODE_MAX, 'an inode', 1) };
  }

  #newPath(reader: TraceReader): string {
    const path = this.#path(reader);
    if (this.disk.directories.has(path) || this.disk.files.has(path))
      reader.fail('every path of the disk once', shown(path));
    return path;
  }

  #path(reader: TraceReader, root: 'root too' | 'no root' = 'no root'): string {
    const path = this.#name(reader, 'a path');
    const problem = pathProblem(path, root);
    if (problem !== undefined) reader.fail('a path that stays below the root', problem);
    return path;
  }

  #name(reader: TraceReader, what: string): string {
    const number = reader.varint(this.#names.length, `the number of ${what}`);
    const known = this.#names[number - 1];
    if (known !== undefined) return known;
    const name = reader.text(TRACE_NAME_BYTES_MAX, what);
    this.#names.push(name);
    return name;
  }
}

const STEP_KINDS = (Object.keys(ENTRY_TAGS) as (keyof typeof ENTRY_TAGS)[]).filter((kind) => kind !== 'mark');

/** A name in a message, so that whoever made it cannot write to the terminal. */
function shown(name: string): string {
  return JSON.stringify(name.slice(0, 60)).replace(/[^\x20-\x7e]/g, '?');
}
