import { compareKeys, type Entry, type EntryIterator } from '../entry.js';

/**
 * Which versions must live on. Of each key the newest version stays, and for every snapshot the newest version
 * that it can see. A tombstone goes too, but only where nothing older can lie below it (`isBottom`) and no
 * snapshot needs a version that it hides: then there is nothing left for it to hide.
 *
 * `entries` come in entry order and must hold every version of a key that lies in the inputs; `snapshots` ascend.
 */
export function retainVisible(
  entries: EntryIterator,
  snapshots: readonly number[],
  isBottom: (key: Uint8Array) => boolean,
): EntryIterator {
  return new Retained(entries, snapshots, isBottom);
}

class Retained implements EntryIterator {
  readonly #entries: EntryIterator;
  readonly #snapshots: readonly number[];
  readonly #isBottom: (key: Uint8Array) => boolean;
  #newer: Entry | undefined;

  constructor(entries: EntryIterator, snapshots: readonly number[], isBottom: (key: Uint8Array) => boolean) {
    this.#entries = entries;
    this.#snapshots = snapshots;
    this.#isBottom = isBottom;
  }

  next(): Entry | undefined {
    for (;;) {
      const entry = this.#entries.next();
      if (entry === undefined || this.#isKept(entry)) return entry;
    }
  }

  #isKept(entry: Entry): boolean {
    const newer = this.#newer;
    this.#newer = entry;
    const shadowed = newer !== undefined && compareKeys(newer.key, entry.key) === 0;
    if (shadowed && !separates(this.#snapshots, entry.sequence, newer.sequence)) return false;
    const nothingHidden = entry.kind === 'tombstone' && !separates(this.#snapshots, 0, entry.sequence);
    return !(nothingHidden && this.#isBottom(entry.key));
  }
}

/** Whether a snapshot sees `older` but not `newer`. */
function separates(snapshots: readonly number[], older: number, newer: number): boolean {
  for (const sequence of snapshots) {
    if (older <= sequence && sequence < newer) return true;
  }
  return false;
}
