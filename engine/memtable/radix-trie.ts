import { addChild, fork, indexOfLabel, leaf, matchingDepth, type Node } from './trie-node.js';
import { TrieWalk, type TrieIterator } from './trie-walk.js';

/**
 * A radix (patricia) trie: an ordered map from byte keys to values, after D. R. Morrison, "PATRICIA" (1968). Each
 * node stands for the prefix that all keys below it share; nodes with one child and no value are merged away, so a
 * search looks at no more nodes than the key has bytes and compares each byte once.
 *
 * A node does not own its prefix: it borrows some key that runs through it and remembers how many of its bytes
 * count (`depth`). Splitting an edge then copies nothing. There is no deletion, so a borrowed key never goes away.
 *
 * Keys are kept, not copied: the caller must not change their bytes afterwards.
 */
export class RadixTrie<T extends NonNullable<unknown>> {
  readonly #root: Node<T> = { key: new Uint8Array(0), depth: 0, value: undefined, labels: [], children: [] };
  #size = 0;

  /** Number of keys. Since keys only come, never go, it also tells an iterator whether the shape has changed. */
  get size(): number {
    return this.#size;
  }

  get(key: Uint8Array): T | undefined {
    let node = this.#root;
    while (node.depth < key.length) {
      const child = node.children[indexOfLabel(node.labels, key[node.depth])];
      if (child === undefined || child.depth > key.length) return undefined;
      if (matchingDepth(child, key, node.depth + 1) < child.depth) return undefined;
      node = child;
    }
    return node.value;
  }

  /** Adds a key, or replaces the value of one that is there. */
  set(key: Uint8Array, value: T): void {
    let node = this.#root;
    while (node.depth < key.length) {
      const index = indexOfLabel(node.labels, key[node.depth]);
      const child = node.children[index];
      if (child === undefined) {
        addChild(node, leaf(key, value));
        this.#size++;
        return;
      }
      const depth = matchingDepth(child, key, node.depth + 1);
      node = depth === child.depth ? child : (node.children[index] = fork(child, depth));
    }
    if (node.value === undefined) {
      node.key = key;
      this.#size++;
    }
    node.value = value;
  }

  /**
   * Keys and values in byte order, from `from` (inclusive) to `before` (exclusive). Keys may be added between two
   * calls of `next`: those after the last key returned will be seen, those before it will not.
   */
  entries(from?: Uint8Array, before?: Uint8Array): TrieIterator<T> {
    return new TrieWalk(this.#root, () => this.#size, 'forward', from, before);
  }

  /** The same in the opposite order; of keys added meanwhile those below the last key returned will be seen. */
  reversed(from?: Uint8Array, before?: Uint8Array): TrieIterator<T> {
    return new TrieWalk(this.#root, () => this.#size, 'reverse', from, before);
  }
}
