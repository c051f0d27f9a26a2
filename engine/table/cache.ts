import type { BlockReader } from './block-reader.js';

/**
 * Block cache: checked blocks of all open tables, the least recently used thrown out first, sized by bytes. A
 * block is named by its table's number and its offset; numbers are never reused, so a block never goes stale.
 *
 * It is synchronous because the Vfs reads synchronously. So nobody can ask for a block while another fetches it:
 * each miss is single-flight without any bookkeeping. It does not remember keys that were not found.
 */
export class BlockCache {
  /** Bytes that may be held; 0 turns the cache off. */
  readonly bytesMax: number;
  readonly #tables = new Map<number, Map<number, Slot>>();
  /** A ring of all slots through this one, which holds no block: behind it the latest used, before it the first to go. */
  readonly #ring = new Slot(0, 0, undefined);
  #bytes = 0;
  #hits = 0;
  #misses = 0;

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax;
  }

  /** Answers of `get` since the cache was made, and what it holds now. */
  get stats(): BlockCacheStats {
    return { hits: this.#hits, misses: this.#misses, bytes: this.#bytes };
  }

  /** The block of `table` at `offset`, now the one used last; undefined if it is not held. */
  get(table: number, offset: number): BlockReader | undefined {
    const slot = this.#tables.get(table)?.get(offset);
    if (slot === undefined) {
      this.#misses++;
      return undefined;
    }
    this.#hits++;
    if (this.#ring.next !== slot) {
      slot.leave();
      slot.follow(this.#ring);
    }
    return slot.block;
  }

  /** Keeps a block that `get` did not have; one that is larger than the whole cache is not kept. */
  add(table: number, offset: number, block: BlockReader): void {
    if (block.bytes.length > this.bytesMax) return;
    const slots = this.#tables.get(table) ?? new Map<number, Slot>();
    const known = slots.get(offset);
    if (known !== undefined) this.#drop(known);
    const slot = new Slot(table, offset, block);
    this.#tables.set(table, slots.set(offset, slot));
    slot.follow(this.#ring);
    this.#bytes += block.bytes.length;
    while (this.#bytes > this.bytesMax) this.#drop(this.#ring.previous);
  }

  /** Forgets all blocks of a table. */
  dropTable(number: number): void {
    for (const slot of this.#tables.get(number)?.values() ?? []) this.#drop(slot);
  }

  #drop(slot: Slot): void {
    slot.leave();
    this.#bytes -= slot.block?.bytes.length ?? 0;
    const slots = this.#tables.get(slot.table);
    slots?.delete(slot.offset);
    if (slots?.size === 0) this.#tables.delete(slot.table);
  }
}

/** Counters of one cache. */
export interface BlockCacheStats {
  readonly hits: number;
  readonly misses: number;
  /** Bytes of the blocks held, as they are before compression. */
  readonly bytes: number;
}

/** A block and its neighbours in the order of use. */
class Slot {
  readonly table: number;
  readonly offset: number;
  readonly block: BlockReader | undefined;
  next: Slot = this;
  previous: Slot = this;

  constructor(table: number, offset: number, block: BlockReader | undefined) {
    this.table = table;
    this.offset = offset;
    this.block = block;
  }

  leave(): void {
    this.previous.next = this.next;
    this.next.previous = this.previous;
  }

  follow(other: Slot): void {
    this.previous = other;
    this.next = other.next;
    other.next.previous = this;
    other.next = this;
  }
}
