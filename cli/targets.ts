import { join } from 'node:path';
import { HarnessError, lsmTarget, type Target } from '../harness/index.js';
import { buildPatchedTarget } from '../harness/targets/patched-target.js';
import { loadGallery } from '../scenarios/gallery/index.js';
import { pickByName } from './options.js';

/** The target that a case names: the engine itself, or `lsm+<planted bug>`, which is built in `workDirectory`. */
export async function targetOf(name: string, workDirectory: string): Promise<Target> {
  if (name === 'lsm') return lsmTarget();
  if (!name.startsWith('lsm+')) {
    throw new HarnessError(
      'unknown-name',
      `Expected the target lsm or lsm+<planted bug>, got ${JSON.stringify(name)}; see \`ninelives list\`.`,
    );
  }
  const id = name.slice('lsm+'.length);
  const [bug] = pickByName('planted bug', loadGallery(), (known) => known.id, [id]);
  return await buildPatchedTarget(id, bug?.diff ?? '', join(workDirectory, id));
}
