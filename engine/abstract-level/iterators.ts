import { AbstractIterator, AbstractKeyIterator, AbstractValueIterator } from 'abstract-level';
import type { Pair } from '../index.js';
import { asBuffer, fromEngineKey } from './keys.js';
import type { IteratorReadOptions } from './options.js';
import type { PairReader } from './pair-reader.js';

/**
 * The iterators of `iterator()`, `keys()` and `values()`: one reader each, and what they make of a pair. abstract-level
 * decodes, keeps the limit, refuses calls that overlap, and closes what is still open with the database. It writes
 * into the entries that it is given, so each is a new array.
 */
export class EntryIterator<TDatabase, K, V> extends AbstractIterator<TDatabase, K, V> {
  readonly #reader: PairReader;
  readonly #entry: (pair: Pair) => Entry;

  /** `options` must be those that abstract-level has handed to the database. */
  constructor(db: TDatabase, options: IteratorReadOptions, reader: PairReader) {
    super(db, options as object);
    this.#reader = reader;
    this.#entry = entryWith(options);
  }

  protected async _next(): Promise<Entry | undefined> {
    const pair = this.#reader.nextRead() ?? (await this.#reader.next());
    return pair === undefined ? undefined : this.#entry(pair);
  }

  protected async _nextv(size: number): Promise<Entry[]> {
    return await this.#reader.take(size, this.#entry);
  }

  protected async _all(): Promise<Entry[]> {
    return await this.#reader.take(this.limit - this.count, this.#entry);
  }

  protected _seek(target: Buffer): void {
    this.#reader.seek(target);
  }

  protected async _close(): Promise<void> {
    this.#reader.close();
  }
}

export class KeyIterator<TDatabase, K> extends AbstractKeyIterator<TDatabase, K> {
  readonly #reader: PairReader;

  constructor(db: TDatabase, options: IteratorReadOptions, reader: PairReader) {
    super(db, options as object);
    this.#reader = reader;
  }

  protected async _next(): Promise<Buffer | undefined> {
    const pair = this.#reader.nextRead() ?? (await this.#reader.next());
    return pair === undefined ? undefined : keyOf(pair);
  }

  protected async _nextv(size: number): Promise<Buffer[]> {
    return await this.#reader.take(size, keyOf);
  }

  protected async _all(): Promise<Buffer[]> {
    return await this.#reader.take(this.limit - this.count, keyOf);
  }

  protected _seek(target: Buffer): void {
    this.#reader.seek(target);
  }

  protected async _close(): Promise<void> {
    this.#reader.close();
  }
}

export class ValueIterator<TDatabase, K, V> extends AbstractValueIterator<TDatabase, K, V> {
  readonly #reader: PairReader;

  constructor(db: TDatabase, options: IteratorReadOptions, reader: PairReader) {
    super(db, options as object);
    this.#reader = reader;
  }

  protected async _next(): Promise<Buffer | undefined> {
    const pair = this.#reader.nextRead() ?? (await this.#reader.next());
    return pair === undefined ? undefined : valueOf(pair);
  }

  protected async _nextv(size: number): Promise<Buffer[]> {
    return await this.#reader.take(size, valueOf);
  }

  protected async _all(): Promise<Buffer[]> {
    return await this.#reader.take(this.limit - this.count, valueOf);
  }

  protected _seek(target: Buffer): void {
    this.#reader.seek(target);
  }

  protected async _close(): Promise<void> {
    this.#reader.close();
  }
}

type Entry = [key: Buffer | undefined, value: Buffer | undefined];

function entryWith({ keys, values }: IteratorReadOptions): (pair: Pair) => Entry {
  if (keys === false) return (pair) => [undefined, values === false ? undefined : valueOf(pair)];
  if (values === false) return (pair) => [keyOf(pair), undefined];
  return (pair) => [keyOf(pair), valueOf(pair)];
}

function keyOf([key]: Pair): Buffer {
  return fromEngineKey(key);
}

function valueOf([, value]: Pair): Buffer {
  return asBuffer(value);
}
