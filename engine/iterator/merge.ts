import { compareEntries, type Direction, type Entry, type EntryIterator } from '../entry.js';

/**
 * K-way merge: sorted sources in, one sorted stream out, by a binary min-heap that holds the next entry of each
 * source (Knuth, The Art of Computer Programming 3, 5.4.1). It drops nothing: which versions are seen and which
 * may be forgotten is decided by those who read it.
 *
 * All sources must run in `direction` already, and no two may hold the same version of a key. Nothing is read before
 * the first `next`.
 */
export function mergeEntries(
  sources: readonly EntryIterator[],
  direction: Direction = 'forward',
): EntryIterator {
  const [only] = sources;
  return sources.length === 1 && only !== undefined ? only : new Merge(sources, direction);
}

class Merge implements EntryIterator {
  readonly #sources: readonly EntryIterator[];
  /** 1, or -1 where the largest entry comes first. */
  readonly #sign: number;
  #heap: Head[] | undefined;

  constructor(sources: readonly EntryIterator[], direction: Direction) {
    this.#sources = sources;
    this.#sign = direction === 'forward' ? 1 : -1;
  }

  next(): Entry | undefined {
    const heap = (this.#heap ??= this.#build());
    const head = heap[0];
    if (head === undefined) return undefined;
    const entry = head.entry;
    const following = head.source.next();
    if (following === undefined) this.#removeFirst(heap);
    else {
      head.entry = following;
      this.#siftDown(heap, 0);
    }
    return entry;
  }

  #build(): Head[] {
    const heap: Head[] = [];
    for (const source of this.#sources) {
      const entry = source.next();
      if (entry !== undefined) heap.push({ source, entry });
    }
    for (let index = (heap.length >> 1) - 1; index >= 0; index--) this.#siftDown(heap, index);
    return heap;
  }

  #removeFirst(heap: Head[]): void {
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    this.#siftDown(heap, 0);
  }

  /** Moves the head at `start` down until neither of its children comes before it. */
  #siftDown(heap: Head[], start: number): void {
    const sinking = heap[start];
    if (sinking === undefined) return;
    let index = start;
    for (;;) {
      const child = this.#firstChild(heap, index);
      const rising = heap[child];
      if (rising === undefined || this.#isOrdered(sinking, rising)) break;
      heap[index] = rising;
      index = child;
    }
    heap[index] = sinking;
  }

  /** Index of the child of `index` that comes first; past the end of the heap if it has none. */
  #firstChild(heap: readonly Head[], index: number): number {
    const left = 2 * index + 1;
    const [leftHead, rightHead] = [heap[left], heap[left + 1]];
    if (leftHead === undefined || rightHead === undefined) return left;
    return this.#isOrdered(leftHead, rightHead) ? left : left + 1;
  }

  #isOrdered(left: Head, right: Head): boolean {
    return this.#sign * compareEntries(left.entry, right.entry) <= 0;
  }
}

/** A source and the entry that it gives next. */
interface Head {
  readonly source: EntryIterator;
  entry: Entry;
}
