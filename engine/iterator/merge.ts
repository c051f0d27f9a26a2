import { compareEntries, type Entry } from '../entry.js';

/**
 * K-way merge: sorted sources in, one sorted stream out, by a binary min-heap that holds the next entry of each
 * source (Knuth, The Art of Computer Programming 3, 5.4.1). It drops nothing: which versions are seen and which
 * may be forgotten is decided by those who read it.
 */

interface Head {
  readonly source: IterableIterator<Entry>;
  entry: Entry;
}

/**
 * All entries of all sources in the order of `compareEntries`. Every source must be in that order already, and no
 * two may hold the same version of a key. Nothing is read before the first `next`. However a merge that was begun
 * ends (exhausted, left early, a source that throws), every source is closed with `return()`.
 */
export function* mergeEntries(sources: readonly IterableIterator<Entry>[]): IterableIterator<Entry> {
  try {
    const heap = buildHeap(sources);
    for (let head = heap[0]; head !== undefined; head = heap[0]) {
      yield head.entry;
      const next = head.source.next();
      if (next.done === true) removeSmallest(heap);
      else {
        head.entry = next.value;
        siftDown(heap, 0);
      }
    }
  } finally {
    for (const source of sources) source.return?.();
  }
}

function buildHeap(sources: readonly IterableIterator<Entry>[]): Head[] {
  const heap: Head[] = [];
  for (const source of sources) {
    const first = source.next();
    if (first.done !== true) heap.push({ source, entry: first.value });
  }
  for (let index = (heap.length >> 1) - 1; index >= 0; index--) siftDown(heap, index);
  return heap;
}

function removeSmallest(heap: Head[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  heap[0] = last;
  siftDown(heap, 0);
}

/** Moves the head at `start` down until neither of its children is smaller. */
function siftDown(heap: Head[], start: number): void {
  const sinking = heap[start];
  if (sinking === undefined) return;
  let index = start;
  for (;;) {
    const child = smallerChild(heap, index);
    const rising = heap[child];
    if (rising === undefined || compareEntries(sinking.entry, rising.entry) <= 0) break;
    heap[index] = rising;
    index = child;
  }
  heap[index] = sinking;
}

/** Index of the smaller child of `index`; past the end of the heap if it has none. */
function smallerChild(heap: readonly Head[], index: number): number {
  const left = 2 * index + 1;
  const [leftHead, rightHead] = [heap[left], heap[left + 1]];
  if (leftHead === undefined || rightHead === undefined) return left;
  return compareEntries(leftHead.entry, rightHead.entry) <= 0 ? left : left + 1;
}
