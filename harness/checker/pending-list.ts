/**
 * The calls and returns that are not yet in the order, as a linked list in real-time order (Lowe, "Testing for
 * linearizability", 2017): taking an operation unlinks its two entries, putting it back links them where they
 * were, both in constant time as long as operations are put back in the reverse order.
 *
 * The operations that may come next are the calls before the first return. A required operation without an end
 * returns after everything else; an optional one never returns, so nothing waits for it.
 */
import type { SearchOperation } from './search-operations.js';

interface Entry {
  readonly number: number;
  readonly isReturn: boolean;
  readonly place: number;
}

export class PendingList {
  readonly #entries: readonly Entry[];
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  /** Position in the list of the call and the return of each operation; 0 where there is no return. */
  readonly #calls: Int32Array;
  readonly #returns: Int32Array;

  /** How many required operations are not yet in the order. */
  required: number;

  constructor(operations: readonly SearchOperation[]) {
    this.#entries = entriesOf(operations);
    const length = this.#entries.length;
    this.#next = Int32Array.from({ length: length + 1 }, (_, position) => (position + 1) % (length + 1));
    this.#previous = Int32Array.from({ length: length + 1 }, (_, position) => position - 1);
    this.#calls = new Int32Array(operations.length);
    this.#returns = new Int32Array(operations.length);
    for (const [index, entry] of this.#entries.entries()) {
      (entry.isReturn ? this.#returns : this.#calls)[entry.number] = index + 1;
    }
    this.required = operations.filter((operation) => operation.required).length;
  }

  /** Number of the first operation that may come next, or undefined. */
  first(): number | undefined {
    return this.#callAt(this.#next[0]);
  }

  /** Number of the operation that may come next instead of this one, or undefined. */
  after(number: number): number | undefined {
    return this.#callAt(this.#next[this.#calls[number] ?? 0]);
  }

  /** Place in the history of the first entry that is left; Infinity if there is none. */
  frontier(): number {
    const position = this.#next[0] ?? 0;
    return position === 0 ? Infinity : (this.#entries[position - 1]?.place ?? Infinity);
  }

  take(number: number): void {
    this.#unlink(this.#calls[number] ?? 0);
    const end = this.#returns[number] ?? 0;
    if (end === 0) return;
    this.#unlink(end);
    this.required--;
  }

  putBack(number: number): void {
    const end = this.#returns[number] ?? 0;
    if (end !== 0) {
      this.#link(end);
      this.required++;
    }
    this.#link(this.#calls[number] ?? 0);
  }

  #callAt(position: number | undefined): number | undefined {
    if (position === undefined || position === 0) return undefined;
    const entry = this.#entries[position - 1];
    return entry === undefined || entry.isReturn ? undefined : entry.number;
  }

  #unlink(position: number): void {
    const next = this.#next[position] ?? 0;
    const previous = this.#previous[position] ?? 0;
    this.#next[previous] = next;
    if (next !== 0) this.#previous[next] = previous;
  }

  #link(position: number): void {
    const next = this.#next[position] ?? 0;
    this.#next[this.#previous[position] ?? 0] = position;
    if (next !== 0) this.#previous[next] = position;
  }
}

function entriesOf(operations: readonly SearchOperation[]): Entry[] {
  const entries = operations.flatMap(({ invoke, end, required }, number): Entry[] => {
    const call = { number, isReturn: false, place: invoke };
    return required ? [call, { number, isReturn: true, place: end }] : [call];
  });
  // Two returns at Infinity are equal; their difference would not be a number.
  return entries.sort((left, right) => (left.place === right.place ? 0 : left.place - right.place));
}
