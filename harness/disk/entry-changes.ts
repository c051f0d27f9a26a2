import type { Outcome } from './model.js';
import type { EntryChange } from './trace.js';

/**
 * What a change of directory entries does to a tree of names, if it survives: `outcome` is 'kept', or 'linked' for a
 * rename that left the earlier name as well.
 */
export function applyEntryChange(
  names: Map<string, number>,
  directories: Set<string>,
  change: EntryChange,
  outcome: Outcome,
): void {
  switch (change.kind) {
    case 'create':
      names.set(change.path, change.inode);
      return;
    case 'rename':
      // Without its earlier name, which may have been lost, the file gets its new one all the same.
      if (outcome.kind !== 'linked' && names.get(change.from) === change.inode) names.delete(change.from);
      names.set(change.path, change.inode);
      return;
    case 'unlink':
      if (names.get(change.path) === change.inode) names.delete(change.path);
      return;
    case 'mkdir':
      directories.add(change.path);
      return;
  }
}
