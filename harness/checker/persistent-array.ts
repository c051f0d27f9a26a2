/**
 * Arrays of small numbers that are never changed, only copied with one element different, and that share all
 * their equal parts: a binary trie whose nodes are interned ("hash-consed"), so that two arrays are equal if and
 * only if their roots are the same number. A copy costs log2(length) look-ups; comparing costs one.
 *
 * This is what makes the memory of the search exact: no hash of a state that could collide, no copy of it either.
 */

/** Node numbers stay below this, so that two of them fit into one exact JavaScript number. */
export const NODES_MAX = 2 ** 26;

export class PersistentArrays {
  readonly #depth: number;
  readonly #nodes = new Map<number, number>();
  readonly #left: number[] = [0];
  readonly #right: number[] = [0];

  /** The root of the array of zeros, of every length. */
  readonly zeros = 0;

  /** Arrays of `length` elements, each 0 to NODES_MAX - 1. */
  constructor(length: number) {
    this.#depth = Math.max(1, Math.ceil(Math.log2(Math.max(1, length))));
  }

  /** Nodes made so far: what the arrays cost in memory. */
  get nodeCount(): number {
    return this.#left.length;
  }

  get(root: number, index: number): number {
    let node = root;
    for (let bit = this.#depth - 1; bit >= 0; bit--) {
      node = ((index >>> bit) & 1) === 0 ? this.#child(this.#left, node) : this.#child(this.#right, node);
    }
    return node;
  }

  /** The root of the array that differs from `root` in one element. */
  with(root: number, index: number, value: number): number {
    return this.#with(root, index, value, this.#depth - 1);
  }

  /** Calls `visit` for each element that is not zero from `from` to before `before`, until it returns false. */
  visit(root: number, from: number, before: number, visit: (index: number, value: number) => boolean): void {
    this.#visit(root, 0, this.#depth, from, before, visit);
  }

  #with(node: number, index: number, value: number, bit: number): number {
    if (bit < 0) return value;
    const left = this.#child(this.#left, node);
    const right = this.#child(this.#right, node);
    return ((index >>> bit) & 1) === 0
      ? this.#intern(this.#with(left, index, value, bit - 1), right)
      : this.#intern(left, this.#with(right, index, value, bit - 1));
  }

  #visit(
    node: number,
    first: number,
    height: number,
    from: number,
    before: number,
    visit: (index: number, value: number) => boolean,
  ): boolean {
    if (node === 0 || first >= before || first + 2 ** height <= from) return true;
    if (height === 0) return visit(first, node);
    const left = this.#child(this.#left, node);
    const right = this.#child(this.#right, node);
    return (
      this.#visit(left, first, height - 1, from, before, visit) &&
      this.#visit(right, first + 2 ** (height - 1), height - 1, from, before, visit)
    );
  }

  #child(side: readonly number[], node: number): number {
    return side[node] ?? 0;
  }

  #intern(left: number, right: number): number {
    if (left === 0 && right === 0) return 0;
    const name = left * NODES_MAX + right;
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const node = this.#left.length;
    this.#left.push(left);
    this.#right.push(right);
    this.#nodes.set(name, node);
    return node;
  }
}
