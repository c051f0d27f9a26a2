import * as fs from 'node:fs';
import { Content } from '../disk/content.js';
import type { Disk } from '../disk/disk.js';
import { Recording } from '../disk/recording-vfs.js';
import { TraceEncoder } from '../disk/trace-file.js';
import type { HistoryEvent } from '../history/event.js';
import type { Operation } from '../workload/operation.js';
import { filesBelow } from './list-files.js';
import type { Answer, Request } from './protocol.js';

/**
 * The trace of a life on a real disk, written to a file while the life goes on: each step when it was done, each answer
 * when it was given, with write(2), so that it outlives a process that kills itself. A write that is cut by the death is
 * not in it. It begins with what the directory held.
 */
export class ChildTrace {
  readonly recording: Recording;
  readonly #encoder: TraceEncoder;
  readonly #descriptor: number;
  readonly #life: number;
  readonly #operations = new Map<number, Operation>();

  constructor(path: string, life: number, directory: string) {
    const disk = readDisk(directory);
    this.#life = life;
    this.#encoder = new TraceEncoder(disk);
    this.#descriptor = fs.openSync(path, 'wx');
    this.#write(this.#encoder.start());
    this.recording = new Recording(disk);
    this.recording.onStep = (step) => this.#write(this.#encoder.step(step));
  }

  asked(request: Request): void {
    if (request.kind === 'operation') this.#operations.set(request.index, request.operation);
  }

  answered(answer: Answer): void {
    const event = this.#eventOf(answer);
    if (event === undefined) return;
    const mark = { step: this.recording.steps.length, text: JSON.stringify(event) };
    this.#write(this.#encoder.mark(mark));
  }

  /** The life ended without a death. */
  close(): void {
    this.#write(this.#encoder.end());
    fs.closeSync(this.#descriptor);
  }

  #write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length;) done += fs.writeSync(this.#descriptor, bytes, done);
  }

  #eventOf(answer: Answer): HistoryEvent | undefined {
    const life = this.#life;
    switch (answer.kind) {
      case 'opened':
        return { kind: 'open', life };
      case 'observed': {
        const { gets, scan, errors, files } = answer;
        return { kind: 'observe', life, gets, scan, errors, files };
      }
      case 'invoke': {
        const operation = this.#operations.get(answer.index);
        return operation === undefined ? undefined : { ...answer, life, operation };
      }
      case 'closed':
        return { kind: 'close', life };
      case 'open-failed':
      case 'create':
      case 'ok':
      case 'fail':
      case 'info':
      case 'hang':
      case 'settled':
        return { ...answer, life };
      case 'ready':
      case 'killing':
      case 'drained':
        return undefined;
    }
  }
}

/** A real directory as a disk. The lock file is a matter of the machine. */
function readDisk(directory: string): Disk {
  const files = filesBelow(directory).filter(({ path }) => path !== 'LOCK');
  const directories = fs
    .readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(directory.length + 1));
  return {
    directories: new Set(directories),
    files: new Map(files.map(({ path }) => [path, new Content(fs.readFileSync(`${directory}/${path}`))])),
  };
}
