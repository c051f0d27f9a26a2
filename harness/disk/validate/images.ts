import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Random } from '../../random.js';
import type { FileSystem } from './file-systems.js';
import { makeMountPoint } from './mount-points.js';
import { randomBytes } from './plan.js';
import type { Shell } from './shell.js';
import type { Undo } from './undo.js';

/**
 * Images of file systems: made, mounted through loop devices, and copied while they are in use. Everything that is
 * mounted or attached is entered in `undo`.
 *
 * A copy is the state of the device at one moment: the kernel counts the writes of every block device, so a copy during
 * which none was counted, and before and after which none was under way, is as good as an atomic one; others are thrown
 * away. The loop device has no cache that a power loss would empty: what it has completed is in the copy.
 */
export class Images {
  readonly #shell: Shell;
  readonly #undo: Undo;
  readonly #directory: string;

  /** `directory` must be there and is used alone. */
  constructor(shell: Shell, undo: Undo, directory: string) {
    this.#shell = shell;
    this.#undo = undo;
    this.#directory = directory;
  }

  /**
   * A fresh file system whose free blocks hold rubbish, so that blocks which are given out and not written show. Throws
   * if it cannot be made or mounted here.
   */
  async make(fileSystem: FileSystem, random: Random): Promise<string> {
    const image = join(this.#directory, `${fileSystem.name}.img`);
    await this.#shell(['truncate', '-s', `${fileSystem.imageMiB}M`, image]);
    await this.#shell([...fileSystem.make, image]);
    const mounted = await this.mount(fileSystem, image);
    const rubbish = join(mounted.directory, 'rubbish');
    const piece = randomBytes(random, 1 << 20);
    mkdirSync(rubbish);
    for (let index = 0; index < RUBBISH_MIB; index++) writeFileSync(join(rubbish, `${index}`), piece);
    await this.#shell(['sync', '-f', rubbish]);
    rmSync(rubbish, { recursive: true });
    mounted.release();
    return image;
  }

  /** Attaches and mounts an image. What the crash left unfinished is recovered by this. */
  async mount(fileSystem: FileSystem, image: string): Promise<Mounted> {
    const device = await this.#shell(['losetup', '--find', '--show', image]);
    const detach = this.#undo.add(() => run('losetup', '--detach', device));
    const directory = makeMountPoint();
    try {
      await this.#shell(['mount', '-t', fileSystem.type, '-o', fileSystem.mountOptions, device, directory]);
    } catch (error) {
      rmdirSync(directory);
      detach();
      throw error;
    }
    const unmount = this.#undo.add(() => {
      run('umount', directory);
      rmdirSync(directory);
    });
    const release = () => {
      unmount();
      // Else btrfs takes an older copy of the image for a stale twin of the device that it has seen, and refuses it.
      if (fileSystem.type === 'btrfs') run('btrfs', 'device', 'scan', '--forget', device);
      detach();
    };
    return { directory, device, image, release };
  }

  /** Copies the image that is mounted, as it is at one moment. Throws if the device never rests. */
  async snapshot(mounted: Mounted, name: string): Promise<string> {
    const copy = join(this.#directory, name);
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const before = writesOf(mounted.device);
      await this.copy(mounted.image, copy);
      const after = writesOf(mounted.device);
      if (before.underWay === 0 && after.underWay === 0 && before.completed === after.completed) return copy;
    }
    throw new Error(`${mounted.device} was written to during each of ${ATTEMPTS_MAX} copies.`);
  }

  /** Copies an image that is not in use. */
  async copy(from: string, to: string): Promise<void> {
    await this.#shell(['cp', '--sparse=always', '--reflink=auto', from, to]);
  }
}

/** An image in use. */
export interface Mounted {
  readonly directory: string;
  readonly device: string;
  readonly image: string;
  /** Unmounts and detaches. */
  readonly release: () => void;
}

const RUBBISH_MIB = 24;
const ATTEMPTS_MAX = 50;

/** From the statistics of the block layer (Documentation/block/stat.rst of Linux). */
function writesOf(device: string): { readonly completed: number; readonly underWay: number } {
  const directory = `/sys/block/${basename(device)}`;
  const [reading = 0, writing = 0] = numbersIn(`${directory}/inflight`);
  const statistics = numbersIn(`${directory}/stat`);
  // Writes and discards.
  return { completed: (statistics[4] ?? 0) + (statistics[11] ?? 0), underWay: reading + writing };
}

function numbersIn(path: string): readonly number[] {
  return readFileSync(path, 'utf8').trim().split(/\s+/).map(Number);
}

function run(command: string, ...words: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, words, OUT_OF_OUR_GROUP);
  if (status === 0) return;
  throw new Error(`\`${[command, ...words].join(' ')}\` failed: ${error?.message ?? stderr.trim()}`);
}

/** What takes things down must not be ended by the Ctrl-C that asks for it. */
const OUT_OF_OUR_GROUP = { encoding: 'utf8', detached: true } as const;
