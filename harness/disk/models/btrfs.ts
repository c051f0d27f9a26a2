import { isWrite, type Model, type Pending } from '../model.js';
import { directoryOf, isDataChange, type EntryChange, type Sync } from '../trace.js';
import { earlierMetadata, isInDirectory, isOfFile } from './journal.js';
import { earlierInFile, pageRemnants } from './pages.js';
import { linkedInto } from './posix.js';

/**
 * btrfs: copy on write under transactions that are there or not. What no sync forced is a prefix of the metadata, and
 * a write, overwrites included, is shown by a transaction no earlier than the running one. Between transactions there
 * is only the log of synced inodes: a sync of a file forces its data and its own names and not the other files', so
 * that what survives need be no prefix.
 *
 * A rename over an existing name only starts to write its source. Seen on Linux 6.18 (write 8,000 bytes, rename over a
 * name, fsync of the directory, power loss): the new name was empty 10 times of 10. A transaction that commits by itself
 * comes later, when the data is likely to be there; that is a practice, and it was not measured.
 *
 * The log knows more than what a sync asked for, and less. A rename or an unlink of a file that was synced, or in a
 * directory that was, joins the log at once, and the next sync of any file writes it. A sync of a directory logs the
 * names that are in it: a file that came from another directory has its name there, too. Both were seen on Linux 6.18.
 *
 * Simplified: a transaction commits at any change; a sync that falls back to a whole commit is taken for a log.
 */
export const btrfs: Model = {
  name: 'btrfs',
  needs: (pending, earlier) => {
    if (isInLog(pending)) return [];
    const committed = earlierMetadata(earlier);
    return isWrite(pending) ? [...committed, ...earlierInFile(pending, earlier)] : committed;
  },
  forced,
  linked: linkedInto,
  partial: (write) => pageRemnants(write, ['nothing']),
  zeroesCutPage: false,
};

/** btrfs_log_new_name and btrfs_del_dir_entries_in_log: needs nothing of what the transaction brings. */
function isInLog({ change, logged }: Pending): boolean {
  return logged === true && (change.kind === 'rename' || change.kind === 'unlink');
}

function forced(sync: Sync, pending: readonly Pending[]): readonly Pending[] {
  const linked = linkedInto(sync, pending);
  const logged = pending
    .filter((each) => !linked.includes(each))
    .filter(({ change }) =>
      isDataChange(change) ? sync.kind === 'sync' && change.inode === sync.inode : isLogged(sync, change),
    );
  const parents = new Set([sync.path, ...lastNames(logged)].flatMap((path) => ancestorsOf(path)));
  return pending.filter(
    (each) => logged.includes(each) || (each.change.kind === 'mkdir' && parents.has(each.change.path)),
  );
}

function isLogged(sync: Sync, change: EntryChange): boolean {
  return sync.kind === 'sync' ? isOfFile(change, sync.inode) : isInDirectory(change, sync.path);
}

/**
 * The names that these changes leave; the log does not hold where a file was before. Seen on Linux 6.18: the directory in
 * which a file was created was not there after the file had been renamed to another one and synced.
 */
function lastNames(logged: readonly Pending[]): readonly string[] {
  const names = new Map<number, string>();
  for (const { change } of logged) {
    if (change.kind === 'create' || change.kind === 'rename') names.set(change.inode, change.path);
  }
  return [...names.values()];
}

/** The directories above a path, which the log must hold for the path to be there. */
function ancestorsOf(path: string): readonly string[] {
  const ancestors: string[] = [];
  for (let parent = directoryOf(path); parent !== ''; parent = directoryOf(parent)) ancestors.push(parent);
  return ancestors;
}
