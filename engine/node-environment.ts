import { randomBytes } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Environment } from './environment.js';
import { EngineError } from './errors.js';
import { NodeVfs } from './vfs/node-vfs.js';

/**
 * The world as it is: a directory on disk, the machine's monotonic clock, real randomness. ENGINE_INVALID_ARGUMENT if the
 * directory is not a path; an empty one would mean the working directory.
 */
export function nodeEnvironment(directory: string): Environment {
  if (typeof directory !== 'string' || directory === '' || directory.includes('\0')) {
    const got = typeof directory === 'string' ? JSON.stringify(directory) : typeof directory;
    throw new EngineError('ENGINE_INVALID_ARGUMENT', `Expected the path of a directory, got ${got}.`);
  }
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
