import type { Model, Pending, PendingWrite, Remnant } from '../model.js';
import { remnantsOf } from '../remnants.js';
import { directoryOf, isDataChange, type Sync } from '../trace.js';

/**
 * The weakest model: what POSIX promises and nothing else. Every change is kept or lost by itself. A sync of a file
 * forces its data and its size, not its name; a sync of a directory forces the names in it. A write may arrive in
 * slices of 512 or 4,096 bytes, in any order, and where it made the file grow the rest may read as zeros, garbage or
 * what the disk held before. A rename is atomic: the new name is there exactly when the old one is gone. The exception is
 * a rename to another directory when only that was synced: the old name may then be there, too, as btrfs leaves it.
 */
export const posix: Model = {
  name: 'posix',
  forced: (sync, pending) => pending.filter((each) => isForced(sync, each)),
  linked: linkedInto,
  needs: () => [],
  partial: (write: PendingWrite): readonly Remnant[] =>
    remnantsOf(write, ['nothing', 'zeros', 'garbage', 'stale']),
  zeroesCutPage: true,
};

function isForced(sync: Sync, pending: Pending): boolean {
  const { change } = pending;
  if (sync.kind === 'sync') return isDataChange(change) && change.inode === sync.inode;
  if (isDataChange(change)) return false;
  return directoryOf(change.kind === 'rename' ? change.from : change.path) === sync.path;
}

/** The renames from another directory into the one that this syncs. */
export function linkedInto(sync: Sync, pending: readonly Pending[]): readonly Pending[] {
  return pending.filter(
    ({ change }) =>
      sync.kind === 'sync-directory' &&
      change.kind === 'rename' &&
      directoryOf(change.path) === sync.path &&
      directoryOf(change.from) !== sync.path,
  );
}
