import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Disk } from '../disk.js';
import type { TraceStep } from '../trace.js';
import type { Plan } from './plan.js';

/**
 * Plays a trial on a mounted file system. Steps are plain system calls, one after the other; nothing is synced but
 * what the trace syncs. Any error ends the trial: a file system that answers with errors has no defined state.
 */
export async function play(plan: Plan, root: string, between: Between): Promise<void> {
  const files = new OpenFiles(root, plan.keepsFilesOpen);
  try {
    for (const action of plan.actions) {
      between.signal.throwIfAborted();
      switch (action.kind) {
        case 'step':
          playStep(action.step, root, files);
          break;
        case 'pause':
          await sleep(action.ms, undefined, { signal: between.signal });
          break;
        case 'write-back': {
          const path = join(root, action.path);
          // The file may be gone by now.
          if (fs.existsSync(path)) await between.startWriteBack(path);
          break;
        }
      }
    }
    await sleep(plan.restMs, undefined, { signal: between.signal });
    await between.crash();
  } finally {
    // Closing a file may start its write-back, so it comes after the crash.
    files.close();
  }
}

/** What happens while a trial is played besides its steps. */
export interface Between {
  readonly signal: AbortSignal;
  startWriteBack(path: string): Promise<void>;
  /** Called once, after the last action, while files may still be open. */
  crash(): Promise<void>;
}

/** Writes a tree, without syncing it. `root` must be an empty directory. */
export function writeTree(disk: Disk, root: string): void {
  for (const path of disk.directories) fs.mkdirSync(join(root, path), { recursive: true });
  for (const [path, content] of disk.files) {
    fs.mkdirSync(dirname(join(root, path)), { recursive: true });
    fs.writeFileSync(join(root, path), content.bytes);
  }
}

function playStep(step: TraceStep, root: string, files: OpenFiles): void {
  switch (step.kind) {
    case 'create':
      files.use(step.inode, step.path, 'wx+', () => undefined);
      return;
    case 'write':
      files.use(step.inode, step.path, 'r+', (file) => {
        const written = fs.writeSync(file, step.bytes, 0, step.bytes.length, step.offset);
        if (written !== step.bytes.length) {
          throw new Error(`Expected to write ${step.bytes.length} bytes, wrote ${written}.`);
        }
      });
      return;
    case 'truncate':
      files.use(step.inode, step.path, 'r+', (file) => fs.ftruncateSync(file, step.length));
      return;
    case 'sync':
      files.use(step.inode, step.path, 'r+', (file) =>
        step.whole ? fs.fsyncSync(file) : fs.fdatasyncSync(file),
      );
      return;
    case 'rename':
      fs.renameSync(join(root, step.from), join(root, step.path));
      return;
    case 'unlink':
      fs.unlinkSync(join(root, step.path));
      return;
    case 'mkdir':
      fs.mkdirSync(join(root, step.path));
      return;
    case 'sync-directory': {
      const directory = fs.openSync(join(root, step.path), 'r');
      try {
        fs.fsyncSync(directory);
      } finally {
        fs.closeSync(directory);
      }
      return;
    }
    case 'none':
      return;
  }
}

/** Files by inode, opened when they are first used; kept open to the end or closed after each use. */
class OpenFiles {
  readonly #root: string;
  readonly #kept: boolean;
  readonly #open = new Map<number, number>();

  constructor(root: string, kept: boolean) {
    this.#root = root;
    this.#kept = kept;
  }

  use(inode: number, path: string, flags: string, act: (file: number) => void): void {
    const file = this.#open.get(inode) ?? fs.openSync(join(this.#root, path), flags);
    this.#open.set(inode, file);
    try {
      act(file);
    } finally {
      if (!this.#kept) this.close();
    }
  }

  close(): void {
    for (const file of this.#open.values()) fs.closeSync(file);
    this.#open.clear();
  }
}
