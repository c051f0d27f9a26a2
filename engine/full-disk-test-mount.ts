import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * For tests only: small file systems that get full, in memory, so that ENOSPC comes from a real kernel. Mounting takes root.
 */
export const PAGE_BYTES = 4_096;

/** Why nothing can be mounted here, as a sentence that says how to get it; undefined if it can. */
export function whyNoMount(): string | undefined {
  if (process.platform !== 'linux') return 'Linux is needed: tmpfs is its own.';
  if (process.getuid?.() !== 0) return 'Root is needed, to mount a tmpfs: run it with sudo.';
  try {
    new SmallDisk(1 << 20).unmount();
    return undefined;
  } catch (error) {
    return `A tmpfs cannot be mounted here (a container needs --privileged): ${String(error)}`;
  }
}

export class SmallDisk {
  /** A directory of its own on the disk, for the database. */
  readonly directory: string;
  private readonly mountPoint: string;

  constructor(bytes: number) {
    this.mountPoint = mkdtempSync(join(tmpdir(), `ninelives-small-disk-${process.pid}-`));
    this.directory = join(this.mountPoint, 'db');
    try {
      run('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'ninelives', this.mountPoint);
    } catch (error) {
      rmdirSync(this.mountPoint);
      throw error;
    }
  }

  /** Makes the disk so large that it is not full any more. */
  enlarge(): void {
    run('mount', '-o', `remount,size=${1 << 26}`, this.mountPoint);
  }

  /** Fills the disk with a file of somebody else, up to `bytesLeft`. */
  fillUp(bytesLeft: number): void {
    const descriptor = openSync(this.ballast, 'a');
    try {
      let length = 0;
      const page = new Uint8Array(PAGE_BYTES);
      try {
        for (;;) length += writeSync(descriptor, page);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      }
      ftruncateSync(descriptor, Math.max(0, length - bytesLeft));
    } finally {
      closeSync(descriptor);
    }
  }

  /** Removes that file. */
  free(): void {
    rmSync(this.ballast);
  }

  unmount(): void {
    if (!existsSync(this.mountPoint)) return;
    try {
      run('umount', this.mountPoint);
    } catch {
      // A test that failed may have left files open.
      run('umount', '--lazy', this.mountPoint);
    }
    rmdirSync(this.mountPoint);
  }

  private get ballast(): string {
    return join(this.mountPoint, 'ballast');
  }
}

function run(command: string, ...parameters: readonly string[]): void {
  execFileSync(command, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
}
