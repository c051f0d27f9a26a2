/**
 * A cursor that can look at the next item without taking it. A table is cut at a key boundary, so whoever writes
 * tables must see the entry that opens the next table and leave it for the next call. It reads one item ahead at
 * most, and nothing before the first `peek` or `next`.
 */
export class Peekable<Item extends object> {
  readonly #source: { next(): Item | undefined };
  #ahead: Item | undefined;
  #ended = false;

  /** `source` gives undefined at its end. */
  constructor(source: { next(): Item | undefined }) {
    this.#source = source;
  }

  /** The item that `next` will give; undefined at the end. */
  peek(): Item | undefined {
    if (this.#ahead === undefined && !this.#ended) {
      this.#ahead = this.#source.next();
      this.#ended = this.#ahead === undefined;
    }
    return this.#ahead;
  }

  /** Takes the next item; undefined at the end, and from then on. */
  next(): Item | undefined {
    const item = this.peek();
    this.#ahead = undefined;
    return item;
  }
}
