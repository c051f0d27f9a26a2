import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HarnessError } from '../errors.js';

/**
 * An engine under test: the program that runs it, and what it promises to survive a kill. The program speaks the
 * protocol of driver/protocol.ts.
 */
export interface Target {
  readonly name: string;
  /** Compiled JavaScript, one file: the program that dies. */
  readonly childPath: string;
  /** The same engine with the simulator, as a worker thread (harness/power/worker-main.ts); lies beside the child. */
  readonly workerPath: string;
  /** First 16 hex digits of the SHA-256 of that file: two runs with the same build ran the same engine. */
  readonly build: string;
  readonly promise: {
    /** Every acknowledged write survives the death of the process. */
    readonly kill: 'acked';
    /** Every write that was acknowledged at the level of a sync survives a power loss; of the others a prefix does. */
    readonly power: 'acked';
    readonly batches: 'atomic';
    readonly scans: 'snapshot';
  };
}

/** The reference engine, or a variant of it compiled to `childPath`. Throws 'build-missing' if it is not there. */
export function lsmTarget(childPath = CHILD_PATH, name = 'lsm'): Target {
  if (!existsSync(childPath)) {
    throw new HarnessError(
      'build-missing',
      `Expected the compiled engine child at ${childPath}, found nothing; run \`npm run build\` first.`,
    );
  }
  return {
    name,
    childPath,
    workerPath: join(dirname(childPath), 'power-worker.mjs'),
    build: createHash('sha256').update(readFileSync(childPath)).digest('hex').slice(0, 16),
    promise: { kill: 'acked', power: 'acked', batches: 'atomic', scans: 'snapshot' },
  };
}

/** The root of the package, found from this file both in its sources and in dist/. */
export const PACKAGE_ROOT = packageRoot(dirname(fileURLToPath(import.meta.url)));

const CHILD_PATH = join(PACKAGE_ROOT, 'dist', 'child.mjs');

function packageRoot(directory: string): string {
  return existsSync(join(directory, 'package.json')) ? directory : packageRoot(dirname(directory));
}
