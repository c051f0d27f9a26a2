import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { applyPatch, parsePatch, type StructuredPatch } from 'diff';
import { PatchError } from './patch-error.js';

/**
 * Applies a unified diff to a copy of the engine's sources. Lines may have moved, but every line that a hunk shows
 * must be there as it is: a planted bug that fits only roughly may be another bug, or none. Files are changed, not
 * made, renamed or deleted.
 */

/**
 * `directory` holds `engine/`; paths of the diff begin with `a/engine/` and `b/engine/`. An empty diff changes
 * nothing. Throws PatchError 'bad-diff' or 'does-not-apply'; files before the one at fault are changed then.
 */
export function applyDiff(diffText: string, directory: string): void {
  if (diffText.trim() === '') return;
  for (const patch of parse(diffText)) applyToFile(patch, directory);
}

function parse(diffText: string): StructuredPatch[] {
  try {
    return parsePatch(diffText);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new PatchError('bad-diff', 'engine/', `Expected a unified diff, got: ${problem}.`, error);
  }
}

function applyToFile(patch: StructuredPatch, directory: string): void {
  const path = pathOf(patch);
  const file = join(directory, path);
  if (!existsSync(file)) {
    throw new PatchError(
      'does-not-apply',
      path,
      `Expected to change ${path}, found no such file; regenerate the patch.`,
    );
  }
  const source = readFileSync(file, 'utf8');
  const patched = applyPatch(source, patch, EXACTLY);
  if (patched === false) throw doesNotApply(patch, path, source);
  writeFileSync(file, patched);
}

function pathOf({ oldFileName, newFileName, hunks }: StructuredPatch): string {
  const path = oldFileName?.replace(/^a\//, '') ?? '';
  const changes = newFileName?.replace(/^b\//, '') === path && hunks.length > 0;
  if (changes && path.startsWith('engine/') && normalize(path) === path) return path;
  throw new PatchError(
    'bad-diff',
    path,
    `Expected a diff that changes a file below engine/ (--- a/engine/x.ts, +++ b/engine/x.ts, hunks), got ${String(oldFileName)} and ${String(newFileName)} with ${hunks.length} hunks.`,
  );
}

const EXACTLY = { fuzzFactor: 0, autoConvertLineEndings: false } as const;

/** Finds the hunk at fault: the first one with which the patch, cut after it, does not apply. */
function doesNotApply(patch: StructuredPatch, path: string, source: string): PatchError {
  const index = patch.hunks.findIndex(
    (_, last) => applyPatch(source, { ...patch, hunks: patch.hunks.slice(0, last + 1) }, EXACTLY) === false,
  );
  const line = patch.hunks[index]?.oldStart ?? 0;
  return new PatchError(
    'does-not-apply',
    path,
    `Hunk ${index + 1} of ${patch.hunks.length} (near line ${line}) does not apply to ${path}: the engine has changed there; regenerate the patch.`,
  );
}
