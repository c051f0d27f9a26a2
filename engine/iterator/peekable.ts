/**
 * A cursor over an iterator that can look at the next item without taking it. A table is cut at a key boundary, so
 * whoever writes tables must see the entry that opens the next table and leave it for the next call. It reads one
 * item ahead at most, and nothing before the first `peek` or `next`.
 */
export class Peekable<Item> {
  readonly #source: Iterator<Item>;
  #ahead: IteratorResult<Item, unknown> | undefined;

  constructor(source: Iterator<Item>) {
    this.#source = source;
  }

  /** The item that `next` will give; undefined at the end. */
  peek(): Item | undefined {
    this.#ahead ??= this.#source.next();
    return this.#ahead.done === true ? undefined : this.#ahead.value;
  }

  /** Takes the next item; undefined at the end, and from then on. */
  next(): Item | undefined {
    const item = this.peek();
    if (this.#ahead?.done !== true) this.#ahead = undefined;
    return item;
  }

  /** Ends the source (its `return`), so that it lets go of what it holds. The cursor is at its end afterwards. */
  close(): void {
    if (this.#ahead?.done === true) return;
    this.#ahead = { done: true, value: undefined };
    this.#source.return?.();
  }
}
