/**
 * A node of the radix trie and what it takes to search among its children: a node stands for a prefix, and its
 * children are told apart by the byte that follows.
 */
export interface Node<T> {
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

export function leaf<T>(key: Uint8Array, value: T): Node<T> {
  return { key, depth: key.length, value, labels: NO_LABELS, children: NO_CHILDREN };
}

/** A node above `child` for the first `depth` bytes of its prefix. */
export function fork<T>(child: Node<T>, depth: number): Node<T> {
  return { key: child.key, depth, value: undefined, labels: [labelOf(child, depth)], children: [child] };
}

export function addChild<T>(node: Node<T>, child: Node<T>): void {
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

export function labelOf<T>(child: Node<T>, depth: number): number {
  return child.key[depth] as number;
}

/** Up to which depth a node's prefix and a key agree, if they are known to agree up to `from`. */
export function matchingDepth<T>(node: Node<T>, key: Uint8Array, from: number): number {
  const depthMax = Math.min(node.depth, key.length);
  let depth = from;
  while (depth < depthMax && node.key[depth] === key[depth]) depth++;
  return depth;
}

/** Where the label is, or -1, for which there is no child. */
export function indexOfLabel(labels: readonly number[], label: number | undefined): number {
  const index = lowerBound(labels, label as number);
  return labels[index] === label ? index : -1;
}

/** Index of the first label that is not less. */
export function lowerBound(labels: readonly number[], label: number): number {
  let low = 0;
  let high = labels.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((labels[middle] as number) < label) low = middle + 1;
    else high = middle;
  }
  return low;
}
