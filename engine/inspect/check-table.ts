import { compareEntries, compareKeys, type Entry } from '../entry.js';
import { corrupt } from '../errors.js';
import type { BloomFilter } from '../table/bloom.js';
import { checkProperties } from '../table/format.js';
import type { TableMeta } from '../table/meta.js';
import type { VfsFile } from '../vfs/vfs.js';
import { byteText } from './byte-text.js';
import { attempt, fault, type Finding } from './finding.js';
import {
  type BlockPlace,
  openBlock,
  readBlocks,
  readFooter,
  readProperties,
  type TableBlocks,
} from './table-parts.js';

/**
 * Everything that can be said about one table file: size, footer, properties and index, then each block: its checksum,
 * its restart points, that it begins as the index says, that its entries ascend and follow the block before. Then the totals against what the MANIFEST says, and that the filter denies no key. A part that is bad is one
 * fault, and what does not need it is checked all the same.
 */

/** What was read of a table. */
export interface CheckedTable {
  readonly blocks: number;
  readonly entries: number;
  /** Where the blocks are; undefined if there was a fault: the entries are not to be relied on. */
  readonly sound: TableBlocks | undefined;
}

/** A filter as its sidecar holds it. */
export interface LoadedFilter {
  readonly path: string;
  readonly filter: BloomFilter;
}

/** Checks the table that the MANIFEST describes as `meta`; without a filter only the table itself. */
export function* checkTable(
  file: VfsFile,
  meta: TableMeta,
  filter: LoadedFilter | undefined,
): Generator<Finding, CheckedTable> {
  const { path } = file;
  const size = file.size();
  const rightSize = size === meta.bytes;
  if (!rightSize)
    yield fault(path, Math.min(size, meta.bytes), `expected ${meta.bytes} bytes, found ${size}`);
  const footer = yield* attempt(path, Math.max(0, size - 1), () => readFooter(file));
  if (footer === undefined) return NOTHING_READ;
  const properties = yield* attempt(path, footer.propertiesOffset, () => {
    const found = readProperties(file, footer);
    checkProperties(path, footer.propertiesOffset, found, meta);
    return found;
  });
  const blocks = yield* attempt(path, footer.indexOffset, () => readBlocks(file, footer));
  if (blocks === undefined) return NOTHING_READ;
  const totals = new Totals(filter?.filter);
  let sound = rightSize && properties !== undefined;
  for (const place of blocks.places()) if (!(yield* checkBlock(file, place, totals))) sound = false;
  // With a block missing every total differs, and says nothing new.
  if (sound) {
    const differs = totals.differenceFrom(meta);
    if (differs !== undefined) yield fault(path, footer.indexOffset, differs);
    sound = differs === undefined;
  }
  if (filter !== undefined && totals.denied !== undefined) {
    const key = byteText(totals.denied);
    yield fault(
      filter.path,
      0,
      `it says that ${key} is absent, but ${path} holds it: a get does not find it`,
    );
  }
  return { blocks: blocks.index.length, entries: totals.entries, sound: sound ? blocks : undefined };
}

const NOTHING_READ: CheckedTable = { blocks: 0, entries: 0, sound: undefined };

/** True if the block is as it should be. Of several faults in one block the first is reported. */
function* checkBlock(file: VfsFile, place: BlockPlace, totals: Totals): Generator<Finding, boolean> {
  const { path } = file;
  const { offset } = place;
  const done = yield* attempt(path, offset, () => {
    const block = openBlock(file, place);
    const entries = block.entries();
    let first = true;
    for (let entry = entries.next(); entry !== undefined; entry = entries.next()) {
      const problem =
        (first ? beginsWrongly(place, entry, totals.last) : undefined) ?? isWrong(entry, totals.last);
      if (problem !== undefined) throw corrupt(path, offset, problem);
      first = false;
      totals.add(entry);
    }
    if (first) throw corrupt(path, offset, 'the block holds no entry');
    return true;
  });
  // What comes next cannot be held against an entry that nobody has read.
  if (done === undefined) totals.last = undefined;
  return done === true;
}

function beginsWrongly(place: BlockPlace, entry: Entry, last: Entry | undefined): string | undefined {
  if (entry.sequence !== place.firstSequence || compareKeys(entry.key, place.firstKey) !== 0) {
    return 'the block does not begin with the entry its index names';
  }
  const continues = last !== undefined && compareKeys(last.key, entry.key) === 0;
  if (continues === place.continues || (last === undefined && place.offset > 0)) return undefined;
  return `the index says that the block ${place.continues ? 'continues' : 'does not continue'} a key of the block before, which is wrong`;
}

function isWrong(entry: Entry, last: Entry | undefined): string | undefined {
  if (last === undefined || compareEntries(last, entry) < 0) return undefined;
  return `${versionText(entry)} follows ${versionText(last)}, which is out of order`;
}

function versionText({ key, sequence }: Entry): string {
  return `${byteText(key)} at sequence number ${sequence}`;
}

/** What the entries of a table come to. */
class Totals {
  entries = 0;
  last: Entry | undefined;
  /** The first key that the filter denies. */
  denied: Uint8Array | undefined;
  readonly #filter: BloomFilter | undefined;
  #tombstones = 0;
  #keys = 0;
  #sequenceMin = Infinity;
  #sequenceMax = 0;
  #smallest: Uint8Array | undefined;

  constructor(filter: BloomFilter | undefined) {
    this.#filter = filter;
  }

  add(entry: Entry): void {
    this.entries++;
    if (entry.kind === 'tombstone') this.#tombstones++;
    if (this.last === undefined || compareKeys(this.last.key, entry.key) !== 0) this.#keys++;
    this.#sequenceMin = Math.min(this.#sequenceMin, entry.sequence);
    this.#sequenceMax = Math.max(this.#sequenceMax, entry.sequence);
    this.#smallest ??= Uint8Array.from(entry.key);
    if (this.#filter?.mayContain(entry.key) === false) this.denied ??= Uint8Array.from(entry.key);
    this.last = entry;
  }

  /** The first total that is not as the MANIFEST says, in words. */
  differenceFrom(meta: TableMeta): string | undefined {
    const found: Partial<Record<keyof TableMeta, number>> = {
      entries: this.entries,
      tombstones: this.#tombstones,
      keys: this.#keys,
      sequenceMin: this.#sequenceMin,
      sequenceMax: this.#sequenceMax,
    };
    for (const name of Object.keys(found) as (keyof TableMeta)[]) {
      if (found[name] === meta[name]) continue;
      return `by its blocks ${name} is ${found[name]}, but the MANIFEST says ${String(meta[name])}`;
    }
    const wrong = (
      [
        ['smallest', this.#smallest],
        ['largest', this.last?.key],
      ] as const
    ).find(([name, key]) => key === undefined || compareKeys(key, meta[name]) !== 0);
    return wrong === undefined
      ? undefined
      : `by its blocks the ${wrong[0]} key is ${byteText(wrong[1] ?? new Uint8Array(0))}, but the MANIFEST says ${byteText(meta[wrong[0]])}`;
  }
}
