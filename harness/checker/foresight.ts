/**
 * What the search can know without searching, from the fact that each value is written once.
 *
 * - A write dooms an order if it replaces a value that somebody who is not yet in the order still has to read:
 *   that value cannot come back. (An absence can, by a delete that is still to come in time.)
 * - A write commutes if nobody else who can come before its end in real time touches its keys: putting it next
 *   then loses no legal order, and nothing else need be tried.
 *
 * The operations of a key that are over lie before the frontier, the place of the first one that is not yet in
 * the order; binary search skips them, so both questions cost about as much as there are operations in flight.
 */
import type { State } from './model.js';
import type { SearchOperation } from './search-operations.js';
import type { KeyValues } from './stretch.js';

/** What the search has done so far: which operations are in the order, and the place of the first that is not. */
export interface Progress {
  /** 1 for each operation (by its number) that is in the order. */
  readonly taken: Uint8Array;
  frontier: number;
}

export class Foresight {
  readonly #operations: readonly SearchOperation[];
  readonly #found: KeyValues | undefined;
  readonly #keys = new Map<string, KeyTable>();
  /** Numbers of the scans by invocation. */
  readonly #scans: number[] = [];

  constructor(operations: readonly SearchOperation[], found: KeyValues | undefined) {
    this.#operations = operations;
    this.#found = found;
    for (const [number, operation] of operations.entries()) this.#addWriter(number, operation);
    for (const [number, operation] of operations.entries()) this.#addReader(number, operation);
    for (const table of this.#keys.values()) {
      for (const readers of table.readers.values())
        readers.sort((left, right) => this.#end(left) - this.#end(right));
      table.touching.sort((left, right) => left - right);
    }
  }

  /** True if no legal order can go on with this write from `state`. */
  dooms(number: number, state: State, progress: Progress): boolean {
    for (const [key, value] of this.#operation(number).effects) {
      const old = state.read(key);
      if (old === value) continue;
      const end = this.#neededUntil(key, old, progress);
      if (end === undefined) continue;
      if (old !== null || !this.#canVanish(key, number, end, progress)) return true;
    }
    return false;
  }

  /** True if this write can be put next without losing a legal order. */
  commutes(number: number, progress: Progress): boolean {
    const { effects, end, cut } = this.#operation(number);
    for (const key of effects.keys()) {
      const touches = (other: number): boolean => other !== number && progress.taken[other] === 0;
      if (this.#some(this.#keys.get(key)?.touching ?? [], progress.frontier, end, touches)) return false;
      const scans = (other: number): boolean => {
        const { reading, cut: place } = this.#operation(other);
        if (progress.taken[other] !== 0 || (cut === 'before' && place === 'at')) return false;
        return reading?.covers(key) ?? false;
      };
      if (this.#some(this.#scans, progress.frontier, end, scans)) return false;
    }
    return true;
  }

  /** By when the first who still has to read `value` must have done so; undefined if there is nobody. */
  #neededUntil(key: string, value: string | null, progress: Progress): number | undefined {
    const readers = this.#keys.get(key)?.readers.get(value) ?? [];
    for (let at = firstFrom(readers, progress.frontier, this.#end); at < readers.length; at++) {
      const reader = readers[at] ?? 0;
      if (progress.taken[reader] === 0) return this.#end(reader);
    }
    return this.#found !== undefined && (this.#found.get(key) ?? null) === value ? Infinity : undefined;
  }

  /** True if a delete other than `number` can still empty the key before `end`. */
  #canVanish(key: string, number: number, end: number, progress: Progress): boolean {
    const deletes = this.#keys.get(key)?.deletes ?? [];
    return this.#some(
      deletes,
      progress.frontier,
      end,
      (other) => other !== number && progress.taken[other] === 0,
    );
  }

  /** True if one of the operations that are invoked from `frontier` to before `end` answers the question. */
  #some(
    numbers: readonly number[],
    frontier: number,
    end: number,
    question: (number: number) => boolean,
  ): boolean {
    for (let at = firstFrom(numbers, frontier, this.#invoke); at < numbers.length; at++) {
      const number = numbers[at] ?? 0;
      if (this.#invoke(number) >= end) return false;
      if (question(number)) return true;
    }
    return false;
  }

  #addWriter(number: number, operation: SearchOperation): void {
    for (const [key, value] of operation.effects) {
      let table = this.#keys.get(key);
      if (table === undefined)
        this.#keys.set(key, (table = { readers: new Map(), deletes: [], touching: [] }));
      table.touching.push(number);
      if (value === null) table.deletes.push(number);
    }
  }

  /** Only keys that somebody writes have a table: the others cannot change. */
  #addReader(number: number, { record, reading }: SearchOperation): void {
    if (reading === undefined) return;
    if (record.operation.kind === 'get') {
      const table = this.#keys.get(record.operation.key);
      table?.touching.push(number);
      if (table !== undefined) addTo(table.readers, reading.values.get(record.operation.key) ?? null, number);
      return;
    }
    this.#scans.push(number);
    for (const [key, table] of this.#keys) {
      if (reading.covers(key)) addTo(table.readers, reading.values.get(key) ?? null, number);
    }
  }

  #operation(number: number): SearchOperation {
    const operation = this.#operations[number];
    if (operation === undefined) throw new Error(`There is no operation ${number} in this search.`);
    return operation;
  }

  readonly #invoke = (number: number): number => this.#operation(number).invoke;
  readonly #end = (number: number): number => this.#operation(number).end;
}

interface KeyTable {
  /** Numbers of the gets and scans that read this value (null: nothing), by their end. */
  readonly readers: Map<string | null, number[]>;
  /** Numbers of the operations that delete the key, by invocation. */
  readonly deletes: number[];
  /** Numbers of the writers and gets of the key, by invocation. */
  readonly touching: number[];
}

function addTo(readers: Map<string | null, number[]>, value: string | null, number: number): void {
  const known = readers.get(value);
  if (known === undefined) readers.set(value, [number]);
  else known.push(number);
}

/** Index of the first number whose place is at least `from`; the numbers ascend by place. */
function firstFrom(numbers: readonly number[], from: number, place: (number: number) => number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (place(numbers[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
