import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where images are mounted: directories that are named after their process, so that what a validation left that was
 * SIGKILLed is found and taken away by the next one. They do not lie among the temporary data (run/data-root.ts), since
 * other commands sweep that and would be stopped by a mount in it.
 */
export function makeMountPoint(): string {
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

const PREFIX = 'ninelives-mount-';

/** Unmounts and detaches what processes left that are gone. Answers the mount points. */
export function releaseStaleMounts(mounts = readFileSync('/proc/self/mounts', 'utf8')): readonly string[] {
  const stale = staleMounts(mounts, isRunning);
  for (const { device, directory } of stale) {
    spawnSync('umount', [directory]);
    spawnSync('losetup', ['--detach', device]);
    rmdirSync(directory);
  }
  return stale.map(({ directory }) => directory);
}

/** What of /proc/self/mounts was mounted by a validation whose process is gone. */
export function staleMounts(
  mounts: string,
  running: (pid: number) => boolean,
): readonly { readonly device: string; readonly directory: string }[] {
  return mounts.split('\n').flatMap((line) => {
    const [device = '', directory = ''] = line.split(' ');
    const pid = /\/ninelives-mount-(\d+)-[^/]*$/.exec(directory)?.[1];
    const ours = pid !== undefined && device.startsWith('/dev/loop');
    return ours && !running(Number(pid)) ? [{ device, directory }] : [];
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
