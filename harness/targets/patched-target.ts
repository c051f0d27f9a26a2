import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type * as Rolldown from 'rolldown';
import { HarnessError } from '../errors.js';
import { applyDiff } from './apply-diff.js';
import { PatchError } from './patch-error.js';
import { lsmTarget, PACKAGE_ROOT, type Target } from './target.js';

/**
 * The reference engine with a planted bug, as a target: the engine's sources are copied and patched, and bundled
 * with the child's own sources into one program. Everything but the engine is the same as in dist/child.mjs. Types
 * are not checked.
 */

/**
 * Builds `<workDirectory>/child.mjs` and `power-worker.mjs` and names the target `lsm+<id>`; an empty diff gives the sound engine. What
 * was built there before is replaced. Throws PatchError if the diff does not apply or the patched engine
 * does not build, HarnessError 'build-missing' if the sources or rolldown are not there.
 */
export async function buildPatchedTarget(
  id: string,
  diffText: string,
  workDirectory: string,
): Promise<Target> {
  const directory = resolve(workDirectory);
  copyEngine(directory);
  applyDiff(diffText, directory);
  const childPath = join(directory, 'child.mjs');
  const copy = join(directory, 'engine');
  await bundle(id, copy, CHILD_SOURCE, childPath, false);
  await bundle(id, copy, WORKER_SOURCE, join(directory, 'power-worker.mjs'), true);
  return lsmTarget(childPath, `lsm+${id}`);
}

const ENGINE = join(PACKAGE_ROOT, 'engine');
const HARNESS = join(PACKAGE_ROOT, 'harness');
const CHILD_SOURCE = join(HARNESS, 'driver', 'child-main.ts');
const WORKER_SOURCE = join(HARNESS, 'power', 'worker-main.ts');

function copyEngine(directory: string): void {
  if (!existsSync(CHILD_SOURCE)) {
    throw new HarnessError(
      'build-missing',
      `Expected the sources of the engine child at ${CHILD_SOURCE}, found nothing; planted bugs are built from sources.`,
    );
  }
  mkdirSync(directory, { recursive: true });
  for (const old of ['engine', 'child.mjs', 'power-worker.mjs', 'power-worker.mjs.map']) {
    rmSync(join(directory, old), { recursive: true, force: true });
  }
  cpSync(ENGINE, join(directory, 'engine'), {
    recursive: true,
    filter: (path) => !/(\.test|-test-[^/]+)\.ts$/.test(path),
  });
}

async function bundle(
  id: string,
  copy: string,
  input: string,
  file: string,
  sourcemap: boolean,
): Promise<void> {
  const { build } = await loadRolldown();
  try {
    await build({
      input,
      platform: 'node',
      logLevel: 'silent',
      // Comments with the paths of modules would make every work directory's build another one.
      experimental: { attachDebugInfo: 'none' },
      plugins: [engineFrom(copy)],
      output: { file, format: 'esm', sourcemap },
    });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new PatchError(
      'does-not-build',
      id,
      `Expected the engine with ${id} to build, got: ${problem}`,
      error,
    );
  }
}

/** A development dependency: loaded only by those who build, absent where the package is only used. */
async function loadRolldown(): Promise<typeof Rolldown> {
  try {
    return await import('rolldown');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new HarnessError(
      'build-missing',
      'Expected rolldown, which builds planted bugs, found no such package; run `npm install` with development dependencies.',
    );
  }
}

/**
 * Takes every module of the engine from a copy; packages that the copy imports are those of this package. The
 * sources name each other as `x.js`, which is `x.ts` here.
 */
function engineFrom(copy: string): Rolldown.Plugin {
  return {
    name: 'engine-from-copy',
    async resolveId(source, importer) {
      const isOurs = [copy, ENGINE, HARNESS].some((folder) => importer?.startsWith(folder + sep));
      if (importer === undefined || !isOurs || source.startsWith('node:')) return null;
      if (!source.startsWith('.')) return await this.resolve(source, join(PACKAGE_ROOT, 'package.json'));
      const path = resolve(dirname(importer), source.replace(/\.js$/, '.ts'));
      return path.startsWith(ENGINE + sep) ? join(copy, relative(ENGINE, path)) : path;
    },
  };
}
