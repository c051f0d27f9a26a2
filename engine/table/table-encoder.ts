import { compareEntries, compareKeys, type Entry } from '../entry.js';
import type { EngineOptions } from '../options.js';
import { BlockBuilder } from './block.js';
import { encodeFooter, encodeProperties } from './format.js';
import { encodeIndex, type IndexEntry } from './index-block.js';
import type { TableMeta } from './meta.js';
import { sealBlock } from './trailer.js';

/**
 * Turns sorted entries into the bytes of a table file, without any I/O: data blocks as they fill up, and at the
 * end the tail (index, properties, footer). Versions of one key may lie in several blocks, but never in several
 * tables; that the caller honours `isFullBefore` is what keeps them together.
 */
export class TableEncoder {
  readonly #options: EngineOptions;
  readonly #number: number;
  readonly #index: IndexEntry[] = [];
  #block: BlockBuilder;
  #first: Entry | undefined;
  #last: Entry | undefined;
  #blockFirst: Entry | undefined;
  #blockContinues = false;
  #finishedBytes = 0;
  #entries = 0;
  #tombstones = 0;
  #keys = 0;
  #sequenceMin = Infinity;
  #sequenceMax = 0;

  constructor(number: number, options: EngineOptions) {
    this.#number = number;
    this.#options = options;
    this.#block = new BlockBuilder(options.restartInterval);
  }

  /** Whether an entry of `key` opens a new table: this one is full, and holds no version of that key. */
  isFullBefore(key: Uint8Array): boolean {
    const full =
      this.#entries >= this.#options.tableEntriesMax ||
      this.#finishedBytes + this.#block.bytes >= this.#options.tableBytesMax;
    return full && !this.holdsLast(key);
  }

  /** Whether the entry added last is a version of `key`. */
  holdsLast(key: Uint8Array): boolean {
    return this.#last !== undefined && compareKeys(this.#last.key, key) === 0;
  }

  /** Adds the next entry; gives a data block with its trailer if the entry has filled one. */
  add(entry: Entry): Uint8Array | undefined {
    if (this.#last !== undefined && compareEntries(this.#last, entry) >= 0) {
      throw new RangeError(
        `Entries of table ${this.#number} are not in order at sequence ${entry.sequence}.`,
      );
    }
    this.#first ??= entry;
    if (this.#blockFirst === undefined) {
      this.#blockFirst = entry;
      this.#blockContinues = this.holdsLast(entry.key);
    }
    if (!this.holdsLast(entry.key)) this.#keys++;
    this.#last = entry;
    this.#entries++;
    if (entry.kind === 'tombstone') this.#tombstones++;
    this.#sequenceMin = Math.min(this.#sequenceMin, entry.sequence);
    this.#sequenceMax = Math.max(this.#sequenceMax, entry.sequence);
    this.#block.add(entry);
    return this.#block.bytes >= this.#options.blockBytes ? this.finishBlock() : undefined;
  }

  /** The data block begun, with its trailer; undefined if no entry came since the last one was given. */
  finishBlock(): Uint8Array | undefined {
    if (this.#blockFirst === undefined) return undefined;
    const block = this.#block.finish();
    this.#index.push({
      firstKey: this.#blockFirst.key,
      firstSequence: this.#blockFirst.sequence,
      offset: this.#finishedBytes,
      size: block.length,
      continues: this.#blockContinues,
    });
    const sealed = sealBlock(block);
    this.#finishedBytes += sealed.length;
    this.#block = new BlockBuilder(this.#options.restartInterval);
    this.#blockFirst = undefined;
    return sealed;
  }

  /** All that follows the data blocks, and what the MANIFEST is to say. After `finishBlock`, and once. */
  finish(level: number): { readonly tail: Uint8Array; readonly meta: TableMeta } {
    if (this.#first === undefined || this.#last === undefined)
      throw new RangeError('A table holds an entry.');
    const properties = {
      number: this.#number,
      entries: this.#entries,
      tombstones: this.#tombstones,
      // Not slice(): on a Buffer it gives a view.
      smallest: Uint8Array.from(this.#first.key),
      largest: Uint8Array.from(this.#last.key),
      sequenceMin: this.#sequenceMin,
      sequenceMax: this.#sequenceMax,
    };
    const index = encodeIndex(this.#index, this.#options.restartInterval);
    const sealedIndex = sealBlock(index);
    const propertiesBlock = encodeProperties(properties);
    const footer = encodeFooter({
      indexOffset: this.#finishedBytes,
      indexBytes: index.length,
      propertiesOffset: this.#finishedBytes + sealedIndex.length,
      propertiesBytes: propertiesBlock.length,
    });
    const tail = Buffer.concat([sealedIndex, sealBlock(propertiesBlock), footer]);
    const bytes = this.#finishedBytes + tail.length;
    return { tail, meta: { ...properties, level, run: 0, keys: this.#keys, bytes } };
  }
}
