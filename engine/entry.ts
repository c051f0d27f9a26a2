/**
 * One version of one key. The same shape flows through memtable, tables, merge and scan.
 * Entries are ordered by key (bytewise), and for one key from the newest sequence number to the oldest.
 */
export interface Entry {
  readonly key: Uint8Array;
  /** 1 to 2^53 - 1, unique per written key, assigned in commit order. */
  readonly sequence: number;
  readonly kind: 'value' | 'tombstone';
  /** Empty for a tombstone; an empty value is a value. */
  readonly value: Uint8Array;
}

/**
 * Negative, zero or positive, as `left` comes before `right`, is equal to it or comes after it, byte by byte. A call of
 * `Buffer.compare` costs as much as a loop over some dozen bytes, so it is left to keys that agree for longer.
 */
export function compareKeys(left: Uint8Array, right: Uint8Array): number {
  const shorter = left.length < right.length ? left.length : right.length;
  const looped = shorter < LOOPED_BYTES_MAX ? shorter : LOOPED_BYTES_MAX;
  for (let index = 0; index < looped; index++) {
    const difference = (left[index] as number) - (right[index] as number);
    if (difference !== 0) return difference;
  }
  return looped === shorter ? left.length - right.length : Buffer.compare(left, right);
}

const LOOPED_BYTES_MAX = 48;

export function compareEntries(left: Entry, right: Entry): number {
  return compareKeys(left.key, right.key) || right.sequence - left.sequence;
}

/** A one-way cursor over entries. It holds nothing that must be given back: whoever has seen enough leaves it. */
export interface EntryIterator {
  /** The next entry; undefined at the end, and from then on. After an error it may be asked no more. */
  next(): Entry | undefined;
}

/** 'forward' is the order of `compareEntries`; 'reverse' is exactly the opposite. */
export type Direction = 'forward' | 'reverse';

/**
 * A sorted source of entries. `from` is inclusive, `before` exclusive, in both directions; undefined means that there
 * is no bound. A bound may be one byte longer than a key: a key and a zero is what follows that key.
 */
export interface EntrySource {
  /** In the order of `compareEntries`: keys ascending, of one key the newest version first. */
  entries(from?: Uint8Array, before?: Uint8Array): EntryIterator;
  /** Exactly the opposite order: keys descending, of one key the oldest version first. */
  reversed(from?: Uint8Array, before?: Uint8Array): EntryIterator;
  /** The newest version of `key` whose sequence is at most `sequence`. */
  find(key: Uint8Array, sequence: number): Entry | undefined;
}
