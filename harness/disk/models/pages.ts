import type { Pending, PendingWrite, Remnant } from '../model.js';
import { isWrite } from '../model.js';
import { remnantsOf } from '../remnants.js';

/**
 * The page cache as all three file systems use it: a page of 4,096 bytes goes to the disk with everything that was
 * written to it up to then, and the size of a file follows its pages in order. Tearing within a page is left to the
 * posix model.
 */
export const PAGE_BYTES = 4096;

/**
 * The earlier writes of the file that must be there if this one is. A write whose sync failed counts as clean: nothing
 * waits for it. The others are
 *
 * - those that made the file grow, if this one does, too;
 * - those in the one page that both are in, as far as they show. What the earlier one appended shows only with the size,
 *   which comes later than the page. Seen on xfs, Linux 6.18: after an append of 35 bytes at 9,000 and an overwrite at
 *   8,220 the file had its old 9,000 bytes with the overwrite.
 *
 * A write to several pages may be there in one page and not in the other, so it says nothing about what was written to
 * the other before. Seen on xfs, too: of an append of 159 bytes at 4,096 and then an overwrite from 3,684 to 4,123 there
 * was only the first page of the overwrite.
 */
export function earlierInFile(write: PendingWrite, earlier: readonly Pending[]): readonly PendingWrite[] {
  return earlier
    .filter(isWrite)
    .filter((each) => !each.abandoned && each.change.inode === write.change.inode)
    .filter(
      (each) =>
        (grows(each) && grows(write)) ||
        (isInSamePage(each, write) && (!grows(each) || endOf(write) > write.durableBytes)),
    );
}

/** Whether two writes to one file are both in one page, the same, so that each arrives as a whole. */
export function isInSamePage(left: PendingWrite, right: PendingWrite): boolean {
  const page = firstPage(left);
  return [lastPage(left), firstPage(right), lastPage(right)].every((other) => other === page);
}

/** The end of a write in its file, in bytes. */
export function endOf({ change }: PendingWrite): number {
  return change.offset + change.bytes.length;
}

/** Whether a write made the file longer, as the process saw it. */
export function grows(write: PendingWrite): boolean {
  return endOf(write) > write.sizeBefore;
}

/**
 * What may be left of a write page by page. What is overwritten is old or new per page. What is appended arrives from
 * the front, as the size follows the pages; with `fills` says what may be seen where the size came before the data.
 */
export function pageRemnants(
  write: PendingWrite,
  fills: readonly ('nothing' | 'zeros')[],
): readonly Remnant[] {
  return remnantsOf(write, fills, [PAGE_BYTES]).filter(
    ({ part, at, fill }) =>
      part !== 'tail' || (fill === 'nothing' && write.change.offset + at <= oldPagesEnd(write)),
  );
}

/** Behind the pages that were there before the write: these come to the disk in any order. */
function oldPagesEnd({ sizeBefore }: PendingWrite): number {
  return Math.ceil(sizeBefore / PAGE_BYTES) * PAGE_BYTES;
}

function firstPage({ change }: PendingWrite): number {
  return Math.floor(change.offset / PAGE_BYTES);
}

function lastPage(write: PendingWrite): number {
  return Math.floor((endOf(write) - 1) / PAGE_BYTES);
}
