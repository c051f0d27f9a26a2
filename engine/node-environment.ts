import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Environment } from './environment.js';
import { NodeVfs } from './vfs/node-vfs.js';

/** The world as it is: a directory on disk, the machine's monotonic clock, real randomness. */
export function nodeEnvironment(directory: string): Environment {
  return {
    vfs: new NodeVfs(directory),
    clock: {
      nowMs: () => Number(process.hrtime.bigint() / 1_000_000n),
      after(delayMs, run) {
        const timer = setTimeout(run, delayMs);
        timer.unref();
        return () => clearTimeout(timer);
      },
    },
    randomUint32: () => randomBytes(4).readUInt32LE(),
    pause: () => setImmediate(),
  };
}
