import {
  type Fill,
  isTruncation,
  type Pending,
  type PendingTruncation,
  type PendingWrite,
  type Remnant,
} from './model.js';

/**
 * The ways in which a write may have arrived in part, cut at the slices in which disks and page caches write: 512 and
 * 4,096 bytes, counted from the start of the file. Of a long write only the first, a middle and the last boundary of
 * each size are given, so the number of remnants is bounded by 6 boundaries x 2 parts x fills, plus one a fill.
 */
export function remnantsOf(
  write: PendingWrite,
  fills: readonly Fill[],
  sliceBytes: readonly number[] = [512, 4096],
): readonly Remnant[] {
  const { offset, bytes } = write.change;
  const grows = offset + bytes.length > write.sizeBefore;
  const remnants: Remnant[] = [];
  if (grows) {
    for (const fill of fills) {
      if (fill !== 'nothing') remnants.push({ kind: 'remnant', part: 'none', at: 0, fill });
    }
  }
  for (const at of boundariesOf(offset, bytes.length, sliceBytes)) {
    // An overwrite has nothing to fill: what did not arrive is what was there.
    for (const fill of grows ? fills : (['nothing'] as const)) {
      remnants.push({ kind: 'remnant', part: 'head', at, fill });
      remnants.push({ kind: 'remnant', part: 'tail', at, fill });
    }
  }
  return remnants;
}

/** The page that a truncation cut, zeroed from there on: of one that made the file shorter, and not at the end of a page. */
export function truncationRemnants({ change, sizeBefore }: PendingTruncation): readonly Remnant[] {
  const cutsPage = change.length < sizeBefore && change.length % CUT_PAGE_BYTES !== 0;
  return cutsPage ? [{ kind: 'remnant', part: 'none', at: 0, fill: 'zeros' }] : [];
}

/**
 * A write that begins in a page that the last truncation of its file cut: if the zeros are all that came of the truncation,
 * the bytes may be in that page, too, as far as the file reaches. That is a head as long as the write.
 */
export function headInZeroedPage(
  { change }: PendingWrite,
  earlier: readonly Pending[],
): { readonly truncation: Pending; readonly head: Remnant } | undefined {
  const last = earlier.filter(isTruncation).findLast((each) => each.change.inode === change.inode);
  if (last === undefined || truncationRemnants(last).length === 0) return undefined;
  const page = Math.floor(last.change.length / CUT_PAGE_BYTES);
  if (Math.floor(change.offset / CUT_PAGE_BYTES) !== page) return undefined;
  return {
    truncation: last,
    head: { kind: 'remnant', part: 'head', at: change.bytes.length, fill: 'nothing' },
  };
}

/** How far the zeros of such a remnant reach at most. */
export const CUT_PAGE_BYTES = 4096;

/** Offsets within a write at which a slice begins: the first, a middle and the last one. */
export function boundariesOf(
  offset: number,
  length: number,
  sliceBytes: readonly number[],
): readonly number[] {
  const picked = new Set<number>();
  for (const slice of sliceBytes) {
    const first = slice - (offset % slice);
    if (first >= length) continue;
    const count = Math.ceil((length - first) / slice);
    for (const index of [0, count >> 1, count - 1]) picked.add(first + index * slice);
  }
  return [...picked].filter((at) => at > 0 && at < length).sort((left, right) => left - right);
}
