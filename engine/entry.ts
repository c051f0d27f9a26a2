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

export function compareKeys(left: Uint8Array, right: Uint8Array): number {
  return Buffer.compare(left, right);
}

export function compareEntries(left: Entry, right: Entry): number {
  return compareKeys(left.key, right.key) || right.sequence - left.sequence;
}

/** A sorted source of entries. `from` is inclusive, `before` exclusive; both undefined means everything. */
export interface EntrySource {
  entries(from?: Uint8Array, before?: Uint8Array): IterableIterator<Entry>;
  /** The newest version of `key` whose sequence is at most `sequence`. */
  find(key: Uint8Array, sequence: number): Entry | undefined;
}
