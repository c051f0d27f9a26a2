import { compareKeys, type Entry, type EntryIterator } from '../entry.js';
import { corrupt } from '../errors.js';
import { mergeEntries } from '../iterator/merge.js';
import { runsOf } from '../manifest/runs.js';
import type { Version } from '../manifest/version.js';
import { ForwardScan } from '../table/scan.js';
import type { TableIndex } from '../table/table-index.js';
import type { VfsFile } from '../vfs/vfs.js';
import { byteText } from './byte-text.js';
import { attempt, fault, type Finding } from './finding.js';
import { isPlatformError } from './inspect-error.js';
import { openBlock } from './table-parts.js';

/**
 * What no table shows by itself: that of all versions of a key the newer never lies below the older. A get looks from
 * above and takes the first version that it meets, so anything else is an old value, or a deleted one that is back,
 * without any error. All tables are merged once, a block of each in memory at a time.
 */
export function* checkOrder(version: Version, tables: ReadonlyMap<number, SoundTable>): Generator<Finding> {
  const ranked = runsOf(version.levels).flatMap((run, rank) =>
    run.flatMap(({ number }): EntryIterator[] => {
      const table = tables.get(number);
      return table === undefined ? [] : [withOrigin(table, rank)];
    }),
  );
  const merged = mergeEntries(ranked);
  let newer: RankedEntry | undefined;
  for (;;) {
    const older = yield* attempt('', 0, () => merged.next() as RankedEntry | undefined);
    if (older === undefined) return;
    if (newer !== undefined && compareKeys(newer.key, older.key) === 0) yield* compare(newer, older);
    newer = older;
  }
}

/** A table without a fault of its own. */
export interface SoundTable {
  readonly file: VfsFile;
  readonly index: TableIndex;
}

/** Where an entry comes from; a run with a higher rank is looked into later. */
interface RankedEntry extends Entry {
  readonly path: string;
  readonly rank: number;
}

function withOrigin({ file, index }: SoundTable, rank: number): EntryIterator {
  const read = (position: number) =>
    openBlock(file, { offset: index.offsetOf(position), bytes: index.sizeOf(position) });
  const entries = new ForwardScan(index, read, undefined, undefined);
  return {
    next(): RankedEntry | undefined {
      const entry = nextOf(entries, file.path);
      return entry === undefined ? undefined : { ...entry, path: file.path, rank };
    },
  };
}

/** The blocks were read before. Where that fails now, the error says of which file. */
function nextOf(entries: EntryIterator, path: string): Entry | undefined {
  try {
    return entries.next();
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    throw corrupt(path, 0, `cannot be read: ${error.message}`, error);
  }
}

function* compare(newer: RankedEntry, older: RankedEntry): Generator<Finding> {
  const key = byteText(newer.key);
  if (newer.sequence === older.sequence) {
    yield fault(older.path, 0, `${newer.path} holds the same version ${newer.sequence} of ${key}, too`);
  } else if (newer.rank > older.rank) {
    yield fault(
      newer.path,
      0,
      `version ${newer.sequence} of ${key} lies below the older version ${older.sequence} in ${older.path}: a get finds the older one`,
    );
  }
}
