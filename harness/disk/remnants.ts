import type { Fill, PendingWrite, Remnant } from './model.js';

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
