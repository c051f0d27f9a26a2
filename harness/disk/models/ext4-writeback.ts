import { isWrite, type Model, type Pending } from '../model.js';
import { remnantsOf } from '../remnants.js';
import { ext4 } from './ext4.js';
import { journalledBefore } from './journal.js';
import { earlierInFile, isInSamePage, PAGE_BYTES } from './pages.js';

/**
 * ext4 mounted with data=writeback: as ext4, but nothing orders data before the metadata that shows it. A range that
 * was appended may read as zeros, as garbage, or as what an earlier file left in the same blocks, and pages of one file
 * arrive in any order. With dioread_nolock, the default since Linux 5.6, real kernels show zeros only; the model covers
 * nodioread_nolock too.
 */
export const ext4Writeback: Model = {
  name: 'ext4-writeback',
  needs,
  forced: (sync, pending) => ext4.forced(sync, pending),
  partial: (write) => remnantsOf(write, ['nothing', 'zeros', 'garbage', 'stale'], [PAGE_BYTES]),
  zeroesCutPage: true,
};

function needs(pending: Pending, earlier: readonly Pending[]): readonly Pending[] {
  const journalled = journalledBefore(pending, earlier);
  if (!isWrite(pending)) return journalled;
  // A page holds everything that was written to it; beyond that there is no order.
  const inItsPages = earlierInFile(pending, earlier).filter((each) => isInSamePage(each, pending));
  return [...journalled, ...inItsPages];
}
