import { isWrite, type Model, type Pending } from '../model.js';
import { forcedByJournal, isInPlace, journalledBefore } from './journal.js';
import { earlierInFile, endOf, PAGE_BYTES, pageRemnants } from './pages.js';

/**
 * ext4 as it is mounted by default: data=ordered, delayed allocation, dioread_nolock (since Linux 5.6). Blocks are
 * given out when a page is written back, and until then a file that was created or grew is there with its old size,
 * often 0. An appended range never shows what others left on the disk, but it may show zeros:
 *
 * - in the last block of a file that was already on the disk, the size joins the journal at once and the data later;
 * - new blocks come as unwritten extents, which read as zeros until a later transaction says that the data is there.
 *
 * For the same reason a rename over an existing name is no barrier: auto_da_alloc starts writing the data and does not
 * wait for it. Seen on Linux 6.18 (write 8,000 bytes, rename over a name, fsync of the directory, power loss): 14 times
 * of 20 the new name had 8,000 zeros; with nodioread_nolock never. An empty file there was not seen; it is allowed
 * because a model cannot say "zeros or all of it" of a change that another one depends on.
 *
 * Neither does a size that came before its data say anything about an overwrite in the same page. Seen on Linux 6.18, too:
 * a file of 10 bytes, of which 6 were overwritten before 3,642 were appended, had its old 10 bytes and 3,642 zeros.
 *
 * Not here: the `fast_commit` feature, the flush when a truncated file is closed (a trace has no close).
 */
export const ext4: Model = {
  name: 'ext4',
  needs,
  reaches,
  // A rename changes only the time of the inode, which fdatasync does not wait for.
  forced: (sync, pending) =>
    forcedByJournal(sync, pending, needs, ({ whole }, change) => whole || change.kind === 'create'),
  partial: (write) => pageRemnants(write, ['nothing', 'zeros']),
  zeroesCutPage: true,
};

function needs(pending: Pending, earlier: readonly Pending[]): readonly Pending[] {
  const journalled = journalledBefore(pending, earlier);
  return isWrite(pending) ? [...journalled, ...earlierInFile(pending, earlier)] : journalled;
}

/** What auto_da_alloc gives blocks and a size before the rename: the writes of its source that need new blocks. */
function reaches({ change }: Pending, earlier: readonly Pending[]): readonly Pending[] {
  if (change.kind !== 'rename' || change.replaced === null) return [];
  return earlier.filter(
    (each, index) =>
      isWrite(each) &&
      !each.abandoned &&
      each.change.inode === change.inode &&
      Math.ceil(each.durableBytes / PAGE_BYTES) * PAGE_BYTES < endOf(each) &&
      !isInPlace(each, earlier.slice(0, index)),
  );
}
