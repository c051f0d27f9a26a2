import type { EngineContext } from '../context.js';
import { compareKeys, type Entry, type EntryIterator, type EntrySource } from '../entry.js';
import { corrupt, EngineError } from '../errors.js';
import { pathOf } from '../filenames.js';
import type { ReadLabel } from '../vfs/step.js';
import type { Vfs, VfsFile } from '../vfs/vfs.js';
import { BlockReader } from './block-reader.js';
import { BloomBuilder, drawSeeds, type BloomFilter } from './bloom.js';
import { decodeBloom } from './bloom-file.js';
import type { BlockCache } from './cache.js';
import { checkProperties, decodeFooter, decodeProperties, FOOTER_BYTES } from './format.js';
import { decodeIndex, searchIndex, type IndexEntry } from './index-block.js';
import type { TableMeta } from './meta.js';
import { ForwardScan, ReverseScan } from './scan.js';
import { readBlock } from './trailer.js';

/**
 * An open table. Index and filter are in memory; data blocks are read when they are needed, each checked before
 * use, and kept in the shared cache for gets and scans (compaction and recovery go past the cache: they read
 * everything once and would throw out what readers use). Damage is ENGINE_CORRUPT with the file and the offset of
 * the block; it never gives a wrong value. Other errors of the platform pass through as they are.
 *
 * Keys and values that come out may be views on a cached block: copy them before they leave the engine.
 */
export class Table implements EntrySource {
  readonly meta: TableMeta;
  readonly filter: BloomFilter;
  /** True if the sidecar was missing or bad: the caller may write `encodeBloom(meta.number, filter)` anew. */
  readonly filterRebuilt: boolean;
  readonly #file: VfsFile;
  readonly #index: readonly IndexEntry[];
  readonly #cache: BlockCache;

  private constructor(
    context: EngineContext,
    meta: TableMeta,
    cache: BlockCache,
    file: VfsFile,
    labels: TableOpenLabels,
  ) {
    this.meta = meta;
    this.#cache = cache;
    this.#file = file;
    this.#index = readIndex(file, meta, labels.table);
    const stored = readFilter(context, meta, labels.filter);
    this.filter = stored ?? this.#buildFilter(context, labels.table);
    this.filterRebuilt = stored === undefined;
  }

  /**
   * Opens the table that the MANIFEST describes as `meta`. ENGINE_CORRUPT if the file is missing, is not a table,
   * or is another one. A sidecar that is missing or bad is made anew in memory, which reads the whole table.
   */
  static open(
    context: EngineContext,
    meta: TableMeta,
    cache: BlockCache,
    labels: TableOpenLabels = RECOVERY_LABELS,
  ): Table {
    const path = pathOf({ kind: 'table', level: meta.level, number: meta.number });
    const file = openIfThere(context.environment.vfs, path, labels.table);
    if (file === undefined) throw corrupt(path, 0, 'the file of a published table is missing');
    try {
      return new Table(context, meta, cache, file, labels);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** False only if the table holds no version of `key`. Costs no I/O; `find` does not ask it by itself. */
  mayContain(key: Uint8Array): boolean {
    return this.filter.mayContain(key);
  }

  /** The newest version of `key` up to `sequence`, a tombstone included. Reads at most two blocks. */
  find(key: Uint8Array, sequence: number, label: TableReadLabel = 'get/sst.read'): Entry | undefined {
    if (compareKeys(key, this.meta.smallest) < 0 || compareKeys(key, this.meta.largest) > 0) return undefined;
    let position = searchIndex(this.#index, key, sequence);
    for (;;) {
      const entry = this.#block(position, label).find(key, sequence);
      if (entry !== undefined) return compareKeys(entry.key, key) === 0 ? entry : undefined;
      // All of this block comes before the version asked for; older versions may begin the next block.
      const next = this.#index[++position];
      if (next === undefined || compareKeys(next.firstKey, key) !== 0) return undefined;
    }
  }

  /** All versions of the keys from `from` (included) to `before` (excluded); a block is read when it is reached. */
  entries(from?: Uint8Array, before?: Uint8Array, label: TableReadLabel = 'scan/sst.read'): EntryIterator {
    return new ForwardScan(this.#index, (position) => this.#block(position, label), from, before);
  }

  /** The same in exactly the opposite order. */
  reversed(from?: Uint8Array, before?: Uint8Array, label: TableReadLabel = 'scan/sst.read'): EntryIterator {
    return new ReverseScan(this.#index, (position) => this.#block(position, label), from, before);
  }

  /** Closes the file and drops its blocks from the cache. Nothing may read the table afterwards. */
  close(): void {
    this.#cache.dropTable(this.meta.number);
    this.#file.close();
  }

  #block(position: number, label: TableReadLabel): BlockReader {
    const place = this.#index[position];
    if (place === undefined) throw new RangeError(`Table ${this.meta.number} has no block ${position}.`);
    const cached = label === 'get/sst.read' || label === 'scan/sst.read';
    const known = cached ? this.#cache.get(this.meta.number, place.offset) : undefined;
    if (known !== undefined) return known;
    const bytes = readBlock(this.#file, place.offset, place.size, label);
    const block = new BlockReader(this.#file.path, place.offset, bytes);
    const first = block.first();
    // A checksum does not notice that two blocks changed places.
    if (first?.sequence !== place.firstSequence || compareKeys(first.key, place.firstKey) !== 0) {
      throw corrupt(this.#file.path, place.offset, 'the block does not begin with the entry its index names');
    }
    if (cached) this.#cache.add(this.meta.number, place.offset, block);
    return block;
  }

  #buildFilter(context: EngineContext, label: TableReadLabel): BloomFilter {
    const builder = new BloomBuilder(context.hashes, drawSeeds(context.environment.randomUint32));
    let last: Uint8Array | undefined;
    const entries = this.entries(undefined, undefined, label);
    for (let entry = entries.next(); entry !== undefined; entry = entries.next()) {
      if (last === undefined || compareKeys(last, entry.key) !== 0) builder.add(entry.key);
      last = entry.key;
    }
    return builder.finish(context.options.bloomFalsePositiveRate);
  }
}

/** What a read of a .sst file may be labelled with. */
export type TableReadLabel = Extract<ReadLabel, `${string}/sst.read`>;

/** Labels of the reads that opening does: of the .sst file, and of the sidecar. */
export interface TableOpenLabels {
  readonly table: TableReadLabel;
  readonly filter: ReadLabel;
}

const RECOVERY_LABELS: TableOpenLabels = { table: 'recovery/sst.read', filter: 'recovery/bloom.read' };

function readIndex(file: VfsFile, meta: TableMeta, label: ReadLabel): readonly IndexEntry[] {
  const size = file.size();
  if (size !== meta.bytes) {
    throw corrupt(file.path, Math.min(size, meta.bytes), `expected ${meta.bytes} bytes, found ${size}`);
  }
  const footerOffset = Math.max(0, size - FOOTER_BYTES);
  const footer = decodeFooter(file.path, size, file.read(footerOffset, FOOTER_BYTES, label));
  const { propertiesOffset, propertiesBytes, indexOffset, indexBytes } = footer;
  const properties = decodeProperties(
    file.path,
    propertiesOffset,
    readBlock(file, propertiesOffset, propertiesBytes, label),
  );
  checkProperties(file.path, propertiesOffset, properties, meta);
  const index = decodeIndex(file.path, indexOffset, readBlock(file, indexOffset, indexBytes, label));
  if (index[0] !== undefined && compareKeys(index[0].firstKey, meta.smallest) === 0) return index;
  throw corrupt(file.path, indexOffset, 'the index does not begin with the smallest key');
}

/** The filter as it is stored; undefined if the sidecar is missing or bad. */
function readFilter(context: EngineContext, meta: TableMeta, label: ReadLabel): BloomFilter | undefined {
  const path = pathOf({ kind: 'bloom', level: meta.level, number: meta.number });
  const file = openIfThere(context.environment.vfs, path, label);
  if (file === undefined) return undefined;
  try {
    return decodeBloom(path, file.read(0, file.size(), label), meta.number, context.hashes);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'ENGINE_CORRUPT') return undefined;
    throw error;
  } finally {
    file.close();
  }
}

function openIfThere(vfs: Vfs, path: string, label: ReadLabel): VfsFile | undefined {
  try {
    return vfs.open(path, label);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
