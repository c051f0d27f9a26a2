import { compareKeys, type Direction } from '../entry.js';
import { labelOf, lowerBound, matchingDepth, type Node } from './trie-node.js';

/**
 * Walks over a radix trie in either direction. What is left to visit is a path from the root: for each node the child
 * that comes next. A key stands before all keys that it is a prefix of, so a node comes before its children; in
 * reverse it comes after them.
 *
 * Keys may be added between two steps. The walk notices by the size of the trie and finds its place again below or
 * above the key that it gave last.
 */
export class TrieWalk<T extends NonNullable<unknown>> implements TrieIterator<T> {
  readonly #root: Node<T>;
  readonly #size: () => number;
  readonly #direction: Direction;
  readonly #from: Uint8Array | undefined;
  readonly #before: Uint8Array | undefined;
  #path: Path<T> | undefined;
  #sizeSeen = 0;
  #last: Uint8Array | undefined;
  #ended = false;

  /** `size` gives the number of keys in the trie at the moment; bounds are those of an `EntrySource`. */
  constructor(
    root: Node<T>,
    size: () => number,
    direction: Direction,
    from: Uint8Array | undefined,
    before: Uint8Array | undefined,
  ) {
    this.#root = root;
    this.#size = size;
    this.#direction = direction;
    this.#from = from;
    this.#before = before;
  }

  next(): { readonly key: Uint8Array; readonly value: T } | undefined {
    if (this.#ended) return undefined;
    if (this.#path === undefined || this.#sizeSeen !== this.#size()) {
      this.#path = this.#pathAfterLast();
      this.#sizeSeen = this.#size();
    }
    const node = this.#direction === 'forward' ? nextNode(this.#path) : previousNode(this.#path);
    if (node?.value === undefined || this.#isOutside(node.key)) {
      this.#ended = true;
      return undefined;
    }
    this.#last = node.key;
    // A node is never changed in a way that a reader could see: it has this key and this value.
    return node as { readonly key: Uint8Array; readonly value: T };
  }

  #pathAfterLast(): Path<T> {
    if (this.#direction === 'reverse') return pathBefore(this.#root, this.#last ?? this.#before);
    return pathTo(this.#root, this.#last ?? this.#from, this.#last === undefined);
  }

  #isOutside(key: Uint8Array): boolean {
    if (this.#direction === 'forward')
      return this.#before !== undefined && compareKeys(key, this.#before) >= 0;
    return this.#from !== undefined && compareKeys(key, this.#from) < 0;
  }
}

/** A one-way cursor over keys and values; undefined at the end, and from then on. */
export interface TrieIterator<T> {
  next(): { readonly key: Uint8Array; readonly value: T } | undefined;
}

/** What is left to visit: for each node of a path from the root, its next child; `SELF` for the node itself. */
interface Path<T> {
  readonly nodes: Node<T>[];
  readonly indexes: number[];
}

const SELF = -1;

/** A path that stands before the first key that is not less than `key` (or, not `inclusive`, greater). */
function pathTo<T>(root: Node<T>, key: Uint8Array | undefined, inclusive: boolean): Path<T> {
  const path: Path<T> = { nodes: [], indexes: [] };
  let node: Node<T> | undefined = root;
  while (node !== undefined) {
    const depth: number = key === undefined ? 0 : matchingDepth(node, key, 0);
    if (key === undefined || depth < node.depth) {
      // The first byte that differs puts all of this subtree on one side; a key that ended here comes before it.
      const after =
        key === undefined || depth === key.length || labelOf(node, depth) > (key[depth] as number);
      return after ? push(path, node, SELF) : path;
    }
    if (depth === key.length) return push(path, node, inclusive ? SELF : 0);
    const index = lowerBound(node.labels, key[depth] as number);
    const exact: boolean = node.labels[index] === key[depth];
    push(path, node, exact ? index + 1 : index);
    node = exact ? node.children[index] : undefined;
  }
  return path;
}

function push<T>(path: Path<T>, node: Node<T>, index: number): Path<T> {
  path.nodes.push(node);
  path.indexes.push(index);
  return path;
}

/** A path that stands, for a walk in reverse, at the last key that is less than `key`. */
function pathBefore<T>(root: Node<T>, key: Uint8Array | undefined): Path<T> {
  const path: Path<T> = { nodes: [], indexes: [] };
  if (key === undefined) return push(path, root, root.children.length - 1);
  let node: Node<T> | undefined = root;
  while (node !== undefined) {
    const depth: number = matchingDepth(node, key, 0);
    if (depth === key.length) return path;
    if (depth < node.depth) {
      const below = labelOf(node, depth) < (key[depth] as number);
      return below ? push(path, node, node.children.length - 1) : path;
    }
    const index = lowerBound(node.labels, key[depth] as number);
    push(path, node, index - 1);
    node = node.labels[index] === key[depth] ? node.children[index] : undefined;
  }
  return path;
}

/** Moves on to the next node that has a value. */
function nextNode<T>({ nodes, indexes }: Path<T>): Node<T> | undefined {
  for (let node = nodes.at(-1); node !== undefined; node = nodes.at(-1)) {
    const top = nodes.length - 1;
    const index = indexes[top] as number;
    indexes[top] = index + 1;
    if (index === SELF) {
      if (node.value !== undefined) return node;
      continue;
    }
    const child = node.children[index];
    if (child === undefined) {
      nodes.pop();
      indexes.pop();
    } else {
      push({ nodes, indexes }, child, SELF);
    }
  }
  return undefined;
}

/** Moves back to the node before that has a value. */
function previousNode<T>(path: Path<T>): Node<T> | undefined {
  const { nodes, indexes } = path;
  for (let node = nodes.at(-1); node !== undefined; node = nodes.at(-1)) {
    const top = nodes.length - 1;
    const index = indexes[top] as number;
    indexes[top] = index - 1;
    if (index === SELF) {
      nodes.pop();
      indexes.pop();
      if (node.value !== undefined) return node;
      continue;
    }
    const child = node.children[index] as Node<T>;
    push(path, child, child.children.length - 1);
  }
  return undefined;
}
