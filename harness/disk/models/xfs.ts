import { isWrite, type Model, type Pending } from '../model.js';
import { forcedByJournal, isInPlace, journalledBefore } from './journal.js';
import { earlierInFile, pageRemnants } from './pages.js';

/**
 * xfs: metadata in the order of its log. The size on the disk moves when the data is there (xfs_setfilesize at the end
 * of the I/O), so what was appended is absent or right; only a hole reads as zeros. A truncation to beyond the size on
 * the disk first writes the data in between (xfs_setattr_size, against the null files of old).
 *
 * A rename over an existing name waits for nothing: without a sync of its source the file may be empty. A sync forces
 * the log up to the last change of its inode, names included, which is a practice and not a promise. Not here: the
 * flush when a truncated file is closed.
 */
export const xfs: Model = {
  name: 'xfs',
  needs,
  forced: (sync, pending) => forcedByJournal(sync, pending, needs, () => true),
  partial: (write) => pageRemnants(write, ['nothing']),
  zeroesCutPage: true,
};

function needs(pending: Pending, earlier: readonly Pending[]): readonly Pending[] {
  const journalled = journalledBefore(pending, earlier);
  if (isWrite(pending)) return [...journalled, ...earlierInFile(pending, earlier)];
  return [...journalled, ...writtenBefore(pending, earlier)];
}

/** The writes that a truncation flushes: those beyond the size on the disk and below the new one. */
function writtenBefore({ change, durableBytes }: Pending, earlier: readonly Pending[]): readonly Pending[] {
  if (change.kind !== 'truncate' || change.length <= durableBytes) return [];
  return earlier.filter(
    (each, index) =>
      isWrite(each) &&
      !each.abandoned &&
      each.change.inode === change.inode &&
      each.change.offset < change.length &&
      !isInPlace(each, earlier.slice(0, index)),
  );
}
