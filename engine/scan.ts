import { checkedCount } from './arguments.js';
import type { Entry } from './entry.js';

/**
 * A scan: pairs of one moment in key order, read while writes, flush and compaction go on. The catalog of that moment
 * is pinned until the scan has ended: it ran out, it reached its limit, a read failed, or `return` was called, as
 * `for await` does when it is left. A scan that is begun and dropped keeps its files until the database is closed.
 *
 * Reading is synchronous underneath, so two calls at the same time cannot meet; `nextMany` spares a promise a pair.
 */
export type Pair = readonly [key: Uint8Array, value: Uint8Array];

export class Scan implements AsyncIterableIterator<Pair, undefined> {
  readonly #source: ScanSource;
  #left: number;
  #ended = false;

  /** `limit` is the number of pairs that are given at the most. */
  constructor(source: ScanSource, limit: number) {
    this.#source = source;
    this.#left = limit;
    if (limit === 0) this.#end();
  }

  /** The next pair; both arrays are the caller's. ENGINE_CLOSED, ENGINE_CORRUPT, ENGINE_IO. */
  async next(): Promise<IteratorResult<Pair, undefined>> {
    const pair = this.#take();
    return pair === undefined ? ENDED : { done: false, value: pair };
  }

  /** The next `count` pairs (1 or more); fewer, or none, only at the end. Errors as `next`, and ENGINE_INVALID_ARGUMENT. */
  async nextMany(count: number): Promise<readonly Pair[]> {
    const wanted = checkedCount(count);
    const pairs: Pair[] = [];
    while (pairs.length < wanted) {
      const pair = this.#take();
      if (pair === undefined) break;
      pairs.push(pair);
    }
    return pairs;
  }

  /** Ends the scan early and lets go of its files. May be called again, and while the database is closed. */
  async return(): Promise<IteratorResult<Pair, undefined>> {
    this.#end();
    return ENDED;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #take(): Pair | undefined {
    if (this.#ended) return undefined;
    const entry = this.#read();
    if (entry === undefined) {
      this.#end();
      return undefined;
    }
    if (--this.#left === 0) this.#end();
    return [new Uint8Array(entry.key), new Uint8Array(entry.value)];
  }

  #read(): Entry | undefined {
    try {
      return this.#source.next();
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#source.release();
  }
}

/** What a scan reads from: visible entries in its order, and the pin that they need. */
export interface ScanSource {
  /** The next entry, undefined at the end. May throw, and is not asked again then. */
  next(): Entry | undefined;
  release(): void;
}

const ENDED = { done: true, value: undefined } as const;
