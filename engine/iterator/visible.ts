import { compareKeys, type Entry } from '../entry.js';

/**
 * What a reader at one sequence number sees of a stream of versions (snapshot isolation by sequence number, as in
 * LevelDB): of each key the newest version that is not younger than the reader. A tombstone hides its key.
 */

/**
 * The visible values, in key order; no tombstones. `entries` must be in the order of `compareEntries`; `sequence`
 * is inclusive. When the reader leaves early, `entries` is closed with `return()`.
 */
export function* visibleEntries(entries: IterableIterator<Entry>, sequence: number): IterableIterator<Entry> {
  let decidedKey: Uint8Array | undefined;
  for (const entry of entries) {
    if (entry.sequence > sequence) continue;
    if (decidedKey !== undefined && compareKeys(decidedKey, entry.key) === 0) continue;
    decidedKey = entry.key;
    if (entry.kind === 'value') yield entry;
  }
}
