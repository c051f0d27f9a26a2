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
 * The earlier writes that are in the pages of this one, or that must have grown the file before it does. A write whose
 * sync failed counts as clean: nothing waits for it.
 */
export function earlierInFile(write: PendingWrite, earlier: readonly Pending[]): readonly Pending[] {
  return earlier.filter(
    (each) =>
      isWrite(each) &&
      !each.abandoned &&
      each.change.inode === write.change.inode &&
      (sharesPage(each, write) || (grows(each) && grows(write))),
  );
}

/** Whether two writes to one file touch a common page. */
export function sharesPage(left: PendingWrite, right: PendingWrite): boolean {
  return firstPage(left) <= lastPage(right) && firstPage(right) <= lastPage(left);
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
