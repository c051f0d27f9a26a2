import type { ModelName } from '../model.js';

/**
 * The file systems that are checked, each with the model that must allow what it does. Images are small, so that a
 * trial can copy one, and journals commit every second, so that a short trial sees commits. Nothing is discarded, so
 * that blocks keep what they held.
 */
export const FILE_SYSTEMS: readonly FileSystem[] = [
  {
    name: 'ext4',
    model: 'ext4',
    type: 'ext4',
    make: [...extended('mkfs.ext4'), '-E', 'lazy_itable_init=0,lazy_journal_init=0,nodiscard'],
    mountOptions: 'data=ordered,commit=1',
    imageMiB: 64,
    package: 'e2fsprogs',
  },
  {
    name: 'ext4-writeback',
    model: 'ext4-writeback',
    type: 'ext4',
    make: [...extended('mkfs.ext4'), '-E', 'lazy_itable_init=0,lazy_journal_init=0,nodiscard'],
    mountOptions: 'data=writeback,commit=1',
    imageMiB: 64,
    package: 'e2fsprogs',
  },
  {
    name: 'xfs',
    model: 'xfs',
    type: 'xfs',
    make: ['mkfs.xfs', '-q', '-f', '-K'],
    mountOptions: 'defaults',
    imageMiB: 300,
    package: 'xfsprogs',
  },
  {
    name: 'btrfs',
    model: 'btrfs',
    type: 'btrfs',
    make: ['mkfs.btrfs', '-q', '-f', '-K'],
    mountOptions: 'commit=1,nodiscard',
    imageMiB: 128,
    package: 'btrfs-progs',
  },
];

export interface FileSystem {
  readonly name: string;
  readonly model: ModelName;
  /** For mount -t. */
  readonly type: string;
  /** Command that makes it; the path of the image comes last. */
  readonly make: readonly [string, ...string[]];
  readonly mountOptions: string;
  readonly imageMiB: number;
  /** Where the command comes from. */
  readonly package: string;
}

/** Small images would get blocks of 1 KiB; real ones have 4. */
function extended(command: string): [string, ...string[]] {
  return [command, '-q', '-F', '-b', '4096'];
}
