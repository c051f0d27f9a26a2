import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { HarnessError } from '../errors.js';

/**
 * Where the databases under test lie. All runs of a user share one root, each run has a directory of its own in it
 * that is named after its process, and every start sweeps the directories whose process is gone, so even a harness
 * that was SIGKILLed leaves nothing for long.
 *
 * A SIGKILL takes nothing out of the page cache, so the kind of file system has no influence on what a kill leaves:
 * memory-backed /dev/shm is taken where there is room, because it is fast.
 */
export function openDataRoot(parent: string | undefined): DataRoot {
  const base = path.join(parent === undefined ? defaultParent() : checkedParent(parent), rootName());
  const directory = makeDirectory(base);
  return {
    directory,
    remove: () => {
      fs.rmSync(directory, { recursive: true, force: true });
      try {
        fs.rmdirSync(base);
      } catch {
        // Another run still uses the root.
      }
    },
  };
}

export interface DataRoot {
  /** Absolute; exists and is empty. */
  readonly directory: string;
  /** Deletes this run's directory and, if it was the last one, the root. */
  readonly remove: () => void;
}

/** Another run that ends at this very moment may take the root away between any two calls: then begin again. */
function makeDirectory(base: string): string {
  for (let attempt = 1; ; attempt++) {
    try {
      fs.mkdirSync(base, { recursive: true, mode: 0o700 });
      sweep(base);
      return fs.mkdtempSync(path.join(base, `run-${process.pid}-`));
    } catch (error) {
      // Making a directory that goes away meanwhile is told in several ways.
      const { code } = error as NodeJS.ErrnoException;
      if (attempt >= ATTEMPTS_MAX || (code !== 'ENOENT' && code !== 'EEXIST' && code !== 'ENOTDIR'))
        throw error;
    }
  }
}

const ATTEMPTS_MAX = 100;

const BYTES_FREE_MIN = 256 * 1024 * 1024;

function defaultParent(): string {
  try {
    const { bavail, bsize } = fs.statfsSync('/dev/shm');
    fs.accessSync('/dev/shm', fs.constants.W_OK);
    if (bavail * bsize >= BYTES_FREE_MIN) return '/dev/shm';
  } catch {
    // Not Linux, or not allowed: the ordinary place will do.
  }
  return os.tmpdir();
}

function checkedParent(parent: string): string {
  const absolute = path.resolve(parent);
  try {
    if (fs.statSync(absolute).isDirectory()) return absolute;
  } catch {
    throw badPath(absolute, 'nothing there');
  }
  throw badPath(absolute, 'a file');
}

function badPath(absolute: string, found: string): HarnessError {
  return new HarnessError(
    'bad-path',
    `Expected --dir to name an existing directory for temporary data, found ${found} at ${absolute}; make the directory or leave the option out.`,
  );
}

function rootName(): string {
  return `ninelives-${process.getuid?.() ?? 'user'}`;
}

function sweep(base: string): void {
  for (const name of fs.readdirSync(base)) {
    const pid = Number(/^run-(\d+)-/.exec(name)?.[1]);
    if (Number.isInteger(pid) && !isRunning(pid))
      fs.rmSync(path.join(base, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
