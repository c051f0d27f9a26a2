import type { Model, Pending, PendingWrite, Remnant } from '../model.js';
import { remnantsOf } from '../remnants.js';
import { directoryOf, isDataChange, type Sync } from '../trace.js';

/**
 * The weakest model: what POSIX promises and nothing else. Every change is kept or lost by itself. A sync of a file
 * forces its data and its size, not its name; a sync of a directory forces the names in it. A write may arrive in
 * slices of 512 or 4,096 bytes, in any order, and where it made the file grow the rest may read as zeros, garbage or
 * what the disk held before. A rename is atomic: the new name is there exactly when the old one is gone.
 */
export const posix: Model = {
  name: 'posix',
  forced: (sync, pending) => pending.filter((each) => isForced(sync, each)),
  needs: () => [],
  partial: (write: PendingWrite): readonly Remnant[] =>
    remnantsOf(write, ['nothing', 'zeros', 'garbage', 'stale']),
};

function isForced(sync: Sync, pending: Pending): boolean {
  const { change } = pending;
  if (sync.kind === 'sync') return isDataChange(change) && change.inode === sync.inode;
  if (isDataChange(change)) return false;
  const inDirectory = directoryOf(change.path) === sync.path;
  return inDirectory || (change.kind === 'rename' && directoryOf(change.from) === sync.path);
}
