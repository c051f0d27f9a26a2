import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Disk } from '../disk.js';
import type { FileSystem } from './file-systems.js';
import type { Images } from './images.js';
import { type Plan } from './plan.js';
import { play, writeTree } from './player.js';
import { readTree } from './read-tree.js';
import type { Shell } from './shell.js';

/**
 * One trial on a real file system: a fresh copy of its image is mounted, the start tree is made durable, the trace is
 * played, and the image is copied as it is at that moment. The copy is what a machine would find after a power loss: it
 * is mounted, so that the file system recovers, and read.
 */
export async function runTrial(fileSystem: FileSystem, plan: Plan, tools: TrialTools): Promise<Disk> {
  const { images, shell } = tools;
  const image = join(tools.directory, 'trial.img');
  await images.copy(tools.fresh, image);
  const mounted = await images.mount(fileSystem, image);
  let crashed = '';
  try {
    const root = join(mounted.directory, TREE);
    mkdirSync(root);
    writeTree(plan.start, root);
    await shell(['sync', '-f', root]);
    await play(plan, root, {
      signal: tools.signal,
      startWriteBack: tools.canStartWriteBack
        ? async (path) => {
            await shell(['xfs_io', '-c', 'sync_range 0 0', path]);
          }
        : async () => undefined,
      crash: async () => {
        crashed = await images.snapshot(mounted, 'crashed.img');
      },
    });
  } finally {
    // Two images of the same file system are never mounted at a time: some would take them for one.
    mounted.release();
    rmSync(image);
  }
  const recovered = await images.mount(fileSystem, crashed);
  try {
    return readTree(join(recovered.directory, TREE));
  } finally {
    recovered.release();
    rmSync(crashed);
  }
}

export interface TrialTools {
  readonly images: Images;
  readonly shell: Shell;
  /** An image with nothing in it. */
  readonly fresh: string;
  /** For images; used by one trial at a time. */
  readonly directory: string;
  /** Whether xfs_io is there, which knows sync_file_range. */
  readonly canStartWriteBack: boolean;
  readonly signal: AbortSignal;
}

/** Not the root of the file system, which has a lost+found. */
const TREE = 'tree';
