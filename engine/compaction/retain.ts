import { compareKeys, type Entry } from '../entry.js';

/**
 * Which versions must live on. Of each key the newest version stays, and for every snapshot the newest version
 * that it can see. A tombstone goes too, but only where nothing older can lie below it (`isBottom`) and no
 * snapshot needs a version that it hides: then there is nothing left for it to hide.
 *
 * `entries` come in entry order and must hold every version of a key that lies in the inputs; `snapshots` ascend.
 */
export function* retainVisible(
  entries: Iterable<Entry>,
  snapshots: readonly number[],
  isBottom: (key: Uint8Array) => boolean,
): IterableIterator<Entry> {
  let newer: Entry | undefined;
  for (const entry of entries) {
    const shadow = newer !== undefined && compareKeys(newer.key, entry.key) === 0 ? newer : undefined;
    newer = entry;
    if (shadow !== undefined && !separates(snapshots, entry.sequence, shadow.sequence)) continue;
    if (entry.kind === 'tombstone' && !separates(snapshots, 0, entry.sequence) && isBottom(entry.key))
      continue;
    yield entry;
  }
}

/** Whether a snapshot sees `older` but not `newer`. */
function separates(snapshots: readonly number[], older: number, newer: number): boolean {
  return snapshots.some((sequence) => older <= sequence && sequence < newer);
}
