import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { FileSystem } from './file-systems.js';

/** What is missing on this machine for validating anything at all, as sentences that say how to get it. */
export function missingHere(): readonly string[] {
  const missing: string[] = [];
  if (process.platform !== 'linux') missing.push('Linux is needed: the file systems are its own.');
  if (process.getuid?.() !== 0) missing.push('Root is needed, to mount images: run it with sudo.');
  if (!existsSync('/dev/loop-control')) {
    missing.push('/dev/loop-control is needed: `modprobe loop`, or a container with --privileged.');
  }
  for (const [command, origin] of COMMANDS) {
    if (!isThere(command)) missing.push(`${command} is needed, from the package ${origin}.`);
  }
  return missing;
}

/** What is missing for one file system besides; undefined if nothing. */
export function missingFor(fileSystem: FileSystem): string | undefined {
  const commands = [fileSystem.make[0], ...(fileSystem.type === 'btrfs' ? ['btrfs'] : [])];
  const command = commands.find((each) => !isThere(each));
  if (command === undefined) return undefined;
  return `${command} is needed, from the package ${fileSystem.package} (apt-get install ${fileSystem.package}).`;
}

const COMMANDS = [
  ['losetup', 'mount'],
  ['mount', 'mount'],
  ['umount', 'mount'],
  ['cp', 'coreutils'],
  ['sync', 'coreutils'],
  ['truncate', 'coreutils'],
] as const;

/** True if this program is on the path. */
export function isThere(command: string): boolean {
  // Programs for root are not on everybody's path.
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return directories.some((directory) => {
    try {
      accessSync(join(directory, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
