import type { EngineContext } from '../context.js';
import { compareKeys, type Entry, type EntryIterator, type EntrySource } from '../entry.js';
import { corrupt, EngineError } from '../errors.js';
import { pathOf } from '../filenames.js';
import type { ReadLabel } from '../vfs/step.js';
import { viewOf } from './block-cursor.js';
import { BlockReader } from './block-reader.js';
import { BloomBuilder, drawSeeds, type BloomFilter } from './bloom.js';
import { decodeBloom } from './bloom-file.js';
import type { BlockCache } from './cache.js';
import { checkProperties, decodeFooter, decodeProperties, FOOTER_BYTES } from './format.js';
import type { TableMeta } from './meta.js';
import { openIfThere, TableFile, type OpenFiles } from './open-files.js';
import type { ReadCounters } from './read-counters.js';
import { ForwardScan, ReverseScan } from './scan.js';
import { TableIndex } from './table-index.js';
import { readBlock, TRAILER_BYTES } from './trailer.js';

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
  readonly #file: TableFile;
  readonly #index: TableIndex;
  readonly #shared: SharedByTables;

  private constructor(
    context: EngineContext,
    meta: TableMeta,
    shared: SharedByTables,
    file: TableFile,
    labels: TableOpenLabels,
  ) {
    this.meta = meta;
    this.#shared = shared;
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
    shared: SharedByTables,
    labels: TableOpenLabels = RECOVERY_LABELS,
  ): Table {
    const file = new TableFile(
      shared.openFiles,
      pathOf({ kind: 'table', level: meta.level, number: meta.number }),
    );
    try {
      return new Table(context, meta, shared, file, labels);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** False only if the table holds no version of `key`. Costs no I/O; `find` does not ask it by itself. */
  mayContain(key: Uint8Array): boolean {
    const { counters } = this.#shared;
    counters.filterChecks++;
    const may = this.filter.mayContain(key);
    if (!may) counters.filterNegatives++;
    return may;
  }

  /** As `find`, but asks the filter first and counts what it answers. */
  get(key: Uint8Array, sequence: number): Entry | undefined {
    if (!this.mayContain(key)) return undefined;
    const entry = this.find(key, sequence);
    // A reader of an old snapshot may find nothing of a key that is there.
    if (entry === undefined && sequence >= this.meta.sequenceMax)
      this.#shared.counters.filterFalsePositives++;
    return entry;
  }

  /** The newest version of `key` up to `sequence`, a tombstone included. Reads at most two blocks. */
  find(key: Uint8Array, sequence: number, label: TableReadLabel = 'get/sst.read'): Entry | undefined {
    if (compareKeys(key, this.meta.smallest) < 0 || compareKeys(key, this.meta.largest) > 0) return undefined;
    let position = this.#index.search(key, sequence);
    for (;;) {
      const found = this.#block(position, label).find(key, sequence);
      if (found === 'absent') return undefined;
      if (found !== 'further') return found;
      // All of this block comes before the version asked for; older versions may begin the next block.
      position++;
      if (position === this.#index.length || this.#index.compareFirstKey(position, key) !== 0)
        return undefined;
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
    this.#shared.cache.dropTable(this.meta.number);
    this.#file.close();
  }

  #block(position: number, label: TableReadLabel): BlockReader {
    const { cache } = this.#shared;
    const offset = this.#index.offsetOf(position);
    const isCached = label === 'get/sst.read' || label === 'scan/sst.read';
    const known = isCached ? cache.get(this.meta.number, offset) : undefined;
    if (known !== undefined) return known;
    const size = this.#index.sizeOf(position);
    const block = new BlockReader(this.#file.path, offset, readBlock(this.#file, offset, size, label));
    this.#count(label, size + TRAILER_BYTES);
    this.#checkFirst(block, position);
    if (isCached) cache.add(this.meta.number, offset, block);
    return block;
  }

  /** A checksum does not notice that two blocks changed places. */
  #checkFirst(block: BlockReader, position: number): void {
    const first = block.decoder();
    if (first.next()) {
      const key = viewOf(block.bytes, first.keyStart, first.valueStart);
      if (this.#index.isFirst(position, key, first.sequence)) return;
    }
    throw block.damage('the block does not begin with the entry its index names');
  }

  #count(label: TableReadLabel, bytes: number): void {
    const { counters } = this.#shared;
    if (label === 'get/sst.read') counters.getBytes += bytes;
    else if (label === 'scan/sst.read') counters.scanBytes += bytes;
    else if (label === 'compaction/sst.read') counters.compactionBytes += bytes;
  }

  #buildFilter(context: EngineContext, label: TableReadLabel): BloomFilter {
    const builder = new BloomBuilder(context.hashes, drawSeeds(context.environment.randomUint32));
    let last: Uint8Array | undefined;
    const entries = this.entries(undefined, undefined, label);
    for (let entry = entries.next(); entry !== undefined; entry = entries.next()) {
      if (last === undefined || compareKeys(last, entry.key) !== 0) builder.add(entry.key);
      last = entry.key;
    }
    return builder.finish(context.options);
  }
}

/** What all open tables of a database share. */
export interface SharedByTables {
  readonly cache: BlockCache;
  readonly openFiles: OpenFiles;
  readonly counters: ReadCounters;
}

/** What a read of a .sst file may be labelled with. */
export type TableReadLabel = Extract<ReadLabel, `${string}/sst.read`>;

/** Labels of the reads that opening does: of the .sst file, and of the sidecar. */
export interface TableOpenLabels {
  readonly table: TableReadLabel;
  readonly filter: ReadLabel;
}

const RECOVERY_LABELS: TableOpenLabels = { table: 'recovery/sst.read', filter: 'recovery/bloom.read' };

function readIndex(file: TableFile, meta: TableMeta, label: ReadLabel): TableIndex {
  const size = file.size(label);
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
  const index = TableIndex.decode(file.path, indexOffset, readBlock(file, indexOffset, indexBytes, label));
  if (index.compareFirstKey(0, meta.smallest) === 0) return index;
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
