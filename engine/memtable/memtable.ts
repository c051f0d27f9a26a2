import type { Entry, EntryIterator, EntrySource } from '../entry.js';
import { EngineError } from '../errors.js';
import { RadixTrie } from './radix-trie.js';
import type { TrieIterator } from './trie-walk.js';

/**
 * The memtable: all versions of all keys that were written since the last flush, ordered. A trie maps each key to
 * its versions, oldest first, since new ones come at the end; readers walk them from the end.
 *
 * Nothing is ever removed or changed in place. A reader that ignores versions newer than its own sequence number
 * therefore sees the same entries whatever is added while it reads.
 *
 * Entries are kept, not copied: **the caller copies** keys and values that come from buffers it may use again.
 */
export class Memtable implements EntrySource {
  readonly #versions = new RadixTrie<Entry[]>();
  #entryCount = 0;
  #approximateBytes = 0;
  #sequenceMax = 0;

  /** Versions, not keys. */
  get entryCount(): number {
    return this.#entryCount;
  }

  /** Key and value bytes, and what an entry takes besides them, roughly. */
  get approximateBytes(): number {
    return this.#approximateBytes;
  }

  get isEmpty(): boolean {
    return this.#entryCount === 0;
  }

  /** The largest sequence number added, 0 if there is none. */
  get sequenceMax(): number {
    return this.#sequenceMax;
  }

  /** Adds a version, which must be the newest of its key. Takes over the bytes of its key and value. */
  add(entry: Entry): void {
    const versions = this.#versions.get(entry.key);
    if (versions === undefined) {
      this.#versions.set(entry.key, [entry]);
    } else {
      const newest = versions.at(-1);
      if (newest !== undefined && newest.sequence >= entry.sequence) {
        throw new EngineError(
          'ENGINE_INVALID_ARGUMENT',
          `Expected a sequence number above ${newest.sequence}, the newest of the key, got ${entry.sequence}.`,
        );
      }
      versions.push(entry);
    }
    this.#entryCount++;
    this.#approximateBytes += entry.key.length + entry.value.length + ENTRY_OVERHEAD_BYTES;
    this.#sequenceMax = Math.max(this.#sequenceMax, entry.sequence);
  }

  find(key: Uint8Array, sequence: number): Entry | undefined {
    const versions = this.#versions.get(key);
    if (versions === undefined) return undefined;
    const newest = versions.at(-1);
    return newest !== undefined && newest.sequence <= sequence ? newest : newestUpTo(versions, sequence);
  }

  /** Keys ascending, for one key the newest version first. Versions added meanwhile may or may not be seen. */
  entries(from?: Uint8Array, before?: Uint8Array): EntryIterator {
    return new NewestFirst(this.#versions.entries(from, before));
  }

  /** Keys descending, for one key the oldest version first. Versions added meanwhile may or may not be seen. */
  reversed(from?: Uint8Array, before?: Uint8Array): EntryIterator {
    return new OldestFirst(this.#versions.reversed(from, before));
  }
}

/** The versions of each key that `keys` gives, from the last to the first. */
class NewestFirst implements EntryIterator {
  readonly #keys: TrieIterator<Entry[]>;
  #versions: readonly Entry[] = [];
  #left = 0;

  constructor(keys: TrieIterator<Entry[]>) {
    this.#keys = keys;
  }

  next(): Entry | undefined {
    if (this.#left === 0) {
      const pair = this.#keys.next();
      if (pair === undefined) return undefined;
      this.#versions = pair.value;
      this.#left = pair.value.length;
    }
    return this.#versions[--this.#left];
  }
}

/** The versions of each key that `keys` gives, from the first to the last. */
class OldestFirst implements EntryIterator {
  readonly #keys: TrieIterator<Entry[]>;
  #versions: readonly Entry[] = [];
  #given = 0;

  constructor(keys: TrieIterator<Entry[]>) {
    this.#keys = keys;
  }

  next(): Entry | undefined {
    if (this.#given === this.#versions.length) {
      const pair = this.#keys.next();
      if (pair === undefined) return undefined;
      this.#versions = pair.value;
      this.#given = 0;
    }
    return this.#versions[this.#given++];
  }
}

/** An entry object, its place in the list of versions and its share of the trie. */
const ENTRY_OVERHEAD_BYTES = 64;

/** By binary search: a key that is written again and again has many versions. */
function newestUpTo(versions: readonly Entry[], sequence: number): Entry | undefined {
  let low = 0;
  let high = versions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((versions[middle] as Entry).sequence <= sequence) low = middle + 1;
    else high = middle;
  }
  return versions[low - 1];
}
