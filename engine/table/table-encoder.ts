import { compareKeys, type Entry } from '../entry.js';
import type { EngineOptions } from '../options.js';
import { BlockBuilder, commonPrefixBytes } from './block.js';
import { encodeFooter, encodeProperties } from './format.js';
import { IndexBuilder } from './index-block.js';
import type { TableMeta } from './meta.js';
import { sealBlock, TRAILER_BYTES } from './trailer.js';

/**
 * Turns sorted entries into the bytes of a table file, without any I/O: data blocks as they fill up, and at the
 * end the tail (index, properties, footer). Versions of one key may lie in several blocks, but never in several
 * tables; that the caller honours `isFullBefore` is what keeps them together.
 */
export class TableEncoder {
  readonly #options: EngineOptions;
  readonly #number: number;
  readonly #index: IndexBuilder;
  readonly #block: BlockBuilder;
  #first: Entry | undefined;
  #last: Entry | undefined;
  #blockFirst: Entry | undefined;
  #blockContinues = false;
  #lastOpensKey = false;
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
    this.#index = new IndexBuilder(options.restartInterval);
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

  /** Whether the entry added last is the first version of its key. */
  get lastOpensKey(): boolean {
    return this.#lastOpensKey;
  }

  /** Adds the next entry; gives a data block with its trailer, good until the next call, if that has filled one. */
  add(entry: Entry): Uint8Array | undefined {
    const last = this.#last;
    const common = last === undefined ? 0 : commonPrefixBytes(last.key, entry.key);
    this.#lastOpensKey = last === undefined || this.#opensKey(last, entry, common);
    if (this.#lastOpensKey) this.#keys++;
    if (this.#blockFirst === undefined) {
      this.#blockFirst = entry;
      this.#blockContinues = !this.#lastOpensKey;
    }
    this.#first ??= entry;
    this.#last = entry;
    this.#entries++;
    if (entry.kind === 'tombstone') this.#tombstones++;
    if (entry.sequence < this.#sequenceMin) this.#sequenceMin = entry.sequence;
    if (entry.sequence > this.#sequenceMax) this.#sequenceMax = entry.sequence;
    this.#block.add(entry, common);
    return this.#block.bytes >= this.#options.blockBytes ? this.finishBlock() : undefined;
  }

  /** The data block begun, with its trailer; undefined if no entry came since the last one was given. */
  finishBlock(): Uint8Array | undefined {
    if (this.#blockFirst === undefined) return undefined;
    const sealed = this.#block.seal(this.#options.compression);
    this.#index.add({
      firstKey: this.#blockFirst.key,
      firstSequence: this.#blockFirst.sequence,
      offset: this.#finishedBytes,
      size: sealed.length - TRAILER_BYTES,
      continues: this.#blockContinues,
    });
    this.#finishedBytes += sealed.length;
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
    const index = this.#index.finish();
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

  /** Whether `entry` is of another key than `last`, with which that has `common` bytes in common. Checks the order. */
  #opensKey(last: Entry, entry: Entry, common: number): boolean {
    const [lastBytes, bytes] = [last.key.length, entry.key.length];
    const isSameKey = common === lastBytes && common === bytes;
    const isInOrder = isSameKey
      ? last.sequence > entry.sequence
      : common === lastBytes || (common < bytes && (last.key[common] ?? 0) < (entry.key[common] ?? 0));
    if (isInOrder) return !isSameKey;
    throw new RangeError(`Entries of table ${this.#number} are not in order at sequence ${entry.sequence}.`);
  }
}
