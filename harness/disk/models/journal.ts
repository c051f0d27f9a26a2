import { isWrite, type Pending, type PendingWrite } from '../model.js';
import { isDataChange, type EntryChange, type Sync } from '../trace.js';
import { directoryOf } from '../trace.js';
import { grows } from './pages.js';

/**
 * A journal for the metadata of a whole file system, as ext4 (jbd2) and xfs have it: names, truncations and sizes
 * survive as one prefix of their order. A write that grows its file or needs new blocks is made visible by the journal,
 * so it comes after all metadata before it. A write into blocks that are there and durable goes straight to its place
 * and waits for nothing.
 *
 * A sync commits the journal as far as the last change of its own object, and by that everything before it. It need not
 * commit what came later: the object's changes may have been committed by a timer meanwhile.
 */
export type Needs = (change: Pending, earlier: readonly Pending[]) => readonly Pending[];

/** The metadata that the journal must hold before this change. */
export function journalledBefore(pending: Pending, earlier: readonly Pending[]): readonly Pending[] {
  return isWrite(pending) && isInPlace(pending, earlier) ? [] : earlierMetadata(earlier);
}

/** All entry changes and truncations. */
export function earlierMetadata(earlier: readonly Pending[]): readonly Pending[] {
  return earlier.filter(({ change, abandoned }) => change.kind !== 'write' && !abandoned);
}

/** Whether the write changes only blocks that were durable, and not the size. */
export function isInPlace(write: PendingWrite, earlier: readonly Pending[]): boolean {
  const end = write.change.offset + write.change.bytes.length;
  const cut = earlier.some(
    ({ change }) => change.kind === 'truncate' && change.inode === write.change.inode && change.length < end,
  );
  return !cut && !grows(write) && end <= write.durableBytes;
}

/** What a sync forces: the changes of its object and, in turn, all that they need. */
export function forcedByJournal(
  sync: Sync,
  pending: readonly Pending[],
  needs: Needs,
  /** Whether this change of a name makes a sync of the file commit the journal. */
  commits: (sync: Extract<Sync, { readonly kind: 'sync' }>, change: EntryChange) => boolean,
): readonly Pending[] {
  const named = pending.filter(({ change }) => {
    if (sync.kind === 'sync-directory') return !isDataChange(change) && isInDirectory(change, sync.path);
    if (isDataChange(change)) return change.inode === sync.inode;
    return isOfFile(change, sync.inode) && commits(sync, change);
  });
  return closedUnder(needs, named, pending);
}

/** Whether a change of a name touches this directory: its entries, or the directory's own. */
export function isInDirectory(change: EntryChange, path: string): boolean {
  if (change.kind === 'mkdir' && change.path === path) return true;
  if (change.kind === 'rename' && directoryOf(change.from) === path) return true;
  return directoryOf(change.path) === path;
}

export function isOfFile(change: EntryChange, inode: number): boolean {
  return change.kind !== 'mkdir' && change.inode === inode;
}

function closedUnder(
  needs: Needs,
  named: readonly Pending[],
  pending: readonly Pending[],
): readonly Pending[] {
  const forced = new Set(named);
  for (let index = pending.length - 1; index >= 0; index--) {
    const each = pending[index];
    if (each === undefined || !forced.has(each)) continue;
    for (const needed of needs(each, pending.slice(0, index))) forced.add(needed);
  }
  return pending.filter((each) => forced.has(each));
}
