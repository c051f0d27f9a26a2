import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Watches fdatasync of the whole process, or makes it fail: the calls are those that the engine really makes, and those
 * that are watched really happen.
 */
export async function syncsDuring(run: () => Promise<unknown>): Promise<number> {
  let count = 0;
  await withFdatasync((descriptor, done) => {
    count++;
    fdatasync(descriptor, done);
  }, run);
  return count;
}

/** As if the device gave an error at every sync. */
export async function withFailingSyncs<Result>(run: () => Promise<Result>): Promise<Result> {
  return await withFdatasync(
    (_descriptor, done) => done(Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })),
    run,
  );
}

const { fdatasync } = fs;
type Fdatasync = (descriptor: number, done: fs.NoParamCallback) => void;

async function withFdatasync<Result>(replacement: Fdatasync, run: () => Promise<Result>): Promise<Result> {
  fs.fdatasync = replacement as typeof fs.fdatasync;
  syncBuiltinESMExports();
  try {
    return await run();
  } finally {
    fs.fdatasync = fdatasync;
    syncBuiltinESMExports();
  }
}
