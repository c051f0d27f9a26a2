import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../harness/targets/target.js';
import { parsePatchFile, type PlantedBug } from './patch-file.js';

/**
 * The gallery of planted bugs: mistakes that real engines shipped, planted into ours one at a time. A harness that
 * does not catch all of them proves nothing about an engine in which it finds none.
 *
 * A bug is one file here, `<id>.patch`. To plant another: copy engine/, make the mistake there, write the header of
 * patch-file.ts and below it `diff -u` with paths a/engine/... and b/engine/..., and show in index.test.ts a case
 * that catches it. When the engine has changed under a patch, make the diff anew in the same way.
 */

/** All planted bugs, sorted by id. Throws PatchError if a file is not as patch-file.ts says. */
export function loadGallery(): readonly PlantedBug[] {
  return readdirSync(GALLERY)
    .filter((file) => file.endsWith('.patch'))
    .sort()
    .map((file) => parsePatchFile(file, readFileSync(join(GALLERY, file), 'utf8')));
}

export type { PlantedBug } from './patch-file.js';

const GALLERY = join(PACKAGE_ROOT, 'scenarios', 'gallery');
