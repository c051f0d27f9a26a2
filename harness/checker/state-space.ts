/**
 * The states that one search can meet, over a fixed set of keys: each is one root of a persistent array that holds
 * the number of the value of each key, 0 for none. Copying is cheap and equality is equality of ids.
 */
import type { Bounds, Pair, Write } from '../workload/operation.js';
import type { State } from './model.js';
import { PersistentArrays } from './persistent-array.js';

export class StateSpace {
  readonly #keys: readonly string[];
  readonly #keyNumbers: ReadonlyMap<string, number>;
  readonly #values: string[] = [''];
  readonly #valueNumbers = new Map<string, number>();
  readonly #arrays: PersistentArrays;

  /** Every key that will ever be written or read, in any order, with or without repetition. */
  constructor(keys: Iterable<string>) {
    this.#keys = [...new Set(keys)].sort();
    this.#keyNumbers = new Map(this.#keys.map((key, number) => [key, number]));
    this.#arrays = new PersistentArrays(this.#keys.length);
  }

  /** What the states cost in memory so far. */
  get nodeCount(): number {
    return this.#arrays.nodeCount;
  }

  /** The state that holds exactly these pairs. */
  of(pairs: Iterable<Pair>): State {
    let state = this.#state(this.#arrays.zeros);
    for (const [key, value] of pairs) state = state.write({ kind: 'put', key, value });
    return state;
  }

  #state(root: number): State {
    return {
      id: root,
      read: (key) => this.#read(root, key),
      pairs: (bounds, reverse, limit) => this.#pairs(root, bounds, reverse, limit),
      write: (write) => this.#state(this.#write(root, write)),
    };
  }

  #read(root: number, key: string): string | null {
    const number = this.#keyNumbers.get(key);
    const value = number === undefined ? 0 : this.#arrays.get(root, number);
    return value === 0 ? null : (this.#values[value] ?? null);
  }

  #pairs(root: number, { gte, gt, lte, lt }: Bounds, reverse: boolean, limit: number): Pair[] {
    const pairs: Pair[] = [];
    if (limit <= 0) return pairs;
    const from = Math.max(
      gte === undefined ? 0 : this.#firstKeyFrom(gte),
      gt === undefined ? 0 : this.#firstKeyFrom(`${gt}\0`),
    );
    const before = Math.min(
      lt === undefined ? this.#keys.length : this.#firstKeyFrom(lt),
      lte === undefined ? this.#keys.length : this.#firstKeyFrom(`${lte}\0`),
    );
    this.#arrays.visit(root, from, before, (key, value) => {
      pairs.push([this.#keys[key] ?? '', this.#values[value] ?? '']);
      return reverse || pairs.length < limit;
    });
    return reverse ? pairs.reverse().slice(0, limit) : pairs;
  }

  #write(root: number, write: Write): number {
    const key = this.#keyNumbers.get(write.key);
    if (key === undefined) throw new Error(`The key ${JSON.stringify(write.key)} is not in the state space.`);
    return this.#arrays.with(root, key, write.kind === 'put' ? this.#valueNumber(write.value) : 0);
  }

  #valueNumber(value: string): number {
    let number = this.#valueNumbers.get(value);
    if (number === undefined) {
      number = this.#values.push(value) - 1;
      this.#valueNumbers.set(value, number);
    }
    return number;
  }

  #firstKeyFrom(bound: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? '') < bound) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
