import type { StepLabel } from '../../engine/index.js';

/**
 * The trace: every step that changed a disk or made a change durable, in order, with its data. Steps are numbered by
 * their place in the trace, from 0. It says what was asked of the file system and nothing about what a crash keeps:
 * that is the business of a persistence model (model.ts), so that one trace is judged under all of them.
 *
 * Files are named by inode, a number that the recorder gives out (1, 2, ...), so that a file keeps its identity when
 * its name changes. Paths are relative to the root of the disk, which is ''. There are no hard links, and directories
 * are neither renamed nor removed.
 */
export type TraceStep = Change | Sync | NoChange;

/** Something that a crash may lose until it is forced. */
export type Change = DataChange | EntryChange;

/** A change of a file's content or size. */
export type DataChange =
  | {
      readonly kind: 'write';
      readonly label: string;
      readonly inode: number;
      readonly path: string;
      readonly offset: number;
      /** At least one. */
      readonly bytes: Uint8Array;
    }
  | {
      readonly kind: 'truncate';
      readonly label: string;
      readonly inode: number;
      readonly path: string;
      /** New size in bytes; a larger one than before grows the file with zeros. */
      readonly length: number;
    };

/** A change of directory entries. */
export type EntryChange =
  | { readonly kind: 'create'; readonly label: string; readonly inode: number; readonly path: string }
  | {
      readonly kind: 'rename';
      readonly label: string;
      readonly inode: number;
      readonly from: string;
      readonly path: string;
      /** The inode that had the new name before; null if none had. */
      readonly replaced: number | null;
    }
  | { readonly kind: 'unlink'; readonly label: string; readonly inode: number; readonly path: string }
  | { readonly kind: 'mkdir'; readonly label: string; readonly path: string };

/** Asks for durability. It stands in the trace where the answer came. */
export type Sync =
  | {
      /** fdatasync of a file (`whole`: fsync). */
      readonly kind: 'sync';
      readonly label: string;
      readonly inode: number;
      readonly path: string;
      readonly whole: boolean;
      /** Steps before this one were done when it was asked for; what came later is not covered. */
      readonly since: number;
      /** False if it answered with an I/O error: nothing was forced, and the dirty pages count as clean from here on. */
      readonly answered: boolean;
    }
  | {
      readonly kind: 'sync-directory';
      readonly label: string;
      readonly path: string;
      readonly since: number;
      readonly answered: boolean;
    };

/** A step of the engine that leaves the disk as it is (a lock that is taken or given back). */
export interface NoChange {
  readonly kind: 'none';
  readonly label: string;
  readonly path: string;
}

/** What happened beside the steps, at a place among them: when `step` steps were done. */
export interface TraceMark {
  readonly step: number;
  /** One line of JSON, for example a history event. */
  readonly text: string;
}

export interface Trace {
  /** What was on the disk, durably, before step 0. */
  readonly steps: readonly TraceStep[];
  /** In order. */
  readonly marks: readonly TraceMark[];
}

export function isChange(step: TraceStep): step is Change {
  return step.kind !== 'sync' && step.kind !== 'sync-directory' && step.kind !== 'none';
}

export function isDataChange(step: TraceStep): step is DataChange {
  return step.kind === 'write' || step.kind === 'truncate';
}

/** The directory that holds a path; '' is the root. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Counts the steps of each label: gives the name of a step as people say it, `wal/append#3`. */
export class StepNames {
  private readonly counts = new Map<string, number>();

  /** The name of the next step, which has this label. */
  next(label: string): string {
    const count = (this.counts.get(label) ?? 0) + 1;
    this.counts.set(label, count);
    return `${label}#${count}`;
  }
}

export type { StepLabel };
