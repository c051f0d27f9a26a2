import { compareKeys } from '../entry.js';

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
  *entries(
    from?: Uint8Array,
    before?: Uint8Array,
  ): Generator<readonly [key: Uint8Array, value: T], undefined> {
    let path = pathTo(this.#root, from, true);
    let sizeSeen = this.#size;
    for (;;) {
      const node = nextNode(path);
      if (node?.value === undefined) return;
      if (before !== undefined && compareKeys(node.key, before) >= 0) return;
      yield [node.key, node.value];
      if (this.#size !== sizeSeen) {
        path = pathTo(this.#root, node.key, false);
        sizeSeen = this.#size;
      }
    }
  }
}

interface Node<T> {
  /** A key whose first `depth` bytes are this node's prefix; the very key if the node has a value. */
  key: Uint8Array;
  readonly depth: number;
  value: T | undefined;
  /** The byte after the prefix that leads to each child, ascending. */
  labels: number[];
  children: Node<T>[];
}

/** Shared by all leaves, which are most of the nodes; `addChild` replaces them, nothing writes to them. */
const NO_LABELS: number[] = [];
const NO_CHILDREN: never[] = [];

function leaf<T>(key: Uint8Array, value: T): Node<T> {
  return { key, depth: key.length, value, labels: NO_LABELS, children: NO_CHILDREN };
}

/** A node above `child` for the first `depth` bytes of its prefix. */
function fork<T>(child: Node<T>, depth: number): Node<T> {
  return { key: child.key, depth, value: undefined, labels: [labelOf(child, depth)], children: [child] };
}

function addChild<T>(node: Node<T>, child: Node<T>): void {
  const label = labelOf(child, node.depth);
  if (node.children.length === 0) {
    node.labels = [label];
    node.children = [child];
    return;
  }
  const index = lowerBound(node.labels, label);
  node.labels.splice(index, 0, label);
  node.children.splice(index, 0, child);
}

function labelOf<T>(child: Node<T>, depth: number): number {
  return child.key[depth] as number;
}

/** Up to which depth a node's prefix and a key agree, if they are known to agree up to `from`. */
function matchingDepth<T>(node: Node<T>, key: Uint8Array, from: number): number {
  const depthMax = Math.min(node.depth, key.length);
  let depth = from;
  while (depth < depthMax && node.key[depth] === key[depth]) depth++;
  return depth;
}

/** Where the label is, or -1, for which there is no child. */
function indexOfLabel(labels: readonly number[], label: number | undefined): number {
  const index = lowerBound(labels, label as number);
  return labels[index] === label ? index : -1;
}

/** Index of the first label that is not less. */
function lowerBound(labels: readonly number[], label: number): number {
  let low = 0;
  let high = labels.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((labels[middle] as number) < label) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What is left to visit: for each node of a path from the root, its next child; `SELF` if the node comes first. */
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
