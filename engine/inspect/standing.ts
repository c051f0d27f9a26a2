import { type DatabaseFile, pathOf } from '../filenames.js';
import { WAL_HEADER_BYTES } from '../wal/record.js';
import { walNumbersIn } from './listing.js';
import type { DatabaseView } from './view.js';

/**
 * What a file of a database's directory is there for, in the eyes of the recovery that would come next.
 *
 * - live: the newest MANIFEST, what it names, and the WALs that were made after it;
 * - stale: what it replaced: older MANIFESTs, WALs whose writes are all in tables, the LOCK of a dead process;
 * - orphan: tables and sidecars that it does not name: of a flush or compaction that did not come to its end, or left
 *   over from one that did;
 * - tmp: a MANIFEST that was never published;
 * - foreign: a name that the engine never gives;
 * - unknown: there is no MANIFEST that can be read, so nobody can say.
 */
export type Standing = 'live' | 'stale' | 'orphan' | 'tmp' | 'foreign' | 'unknown';

/** Recovery deletes files of these standings, and never one of another. */
export const DELETED: readonly Standing[] = ['stale', 'orphan', 'tmp'];

export interface StandingFile {
  /** Byte text. */
  readonly path: string;
  readonly standing: Standing;
  readonly why: string;
}

/** The standing of all files, in the order of the directory: root, `l0` to `l15`, `wal`. */
export function standings(view: DatabaseView): readonly StandingFile[] {
  const { listing, lock } = view;
  const judge = standingOf(view);
  const all = [
    ...listing.locks.map((path) => lockStanding(path, lock.kind === 'held')),
    ...listing.ours.map((file) => ({ path: pathOf(file), ...judge(file) })),
    ...listing.foreign.map(foreignStanding),
  ];
  return all.sort((left, right) => comparePaths(left.path, right.path));
}

/** The numbers of the WALs that recovery would replay, oldest first. */
export function liveWals({ listing, version }: DatabaseView): readonly number[] {
  const first = version.walNumbers[0] ?? 0;
  return walNumbersIn(listing).filter((number) => number >= first);
}

/** The newest of these WALs that holds a record, 0 if none does: from it on a log may be torn. */
export function lastWithRecords(view: DatabaseView, numbers: readonly number[]): number {
  const holdsRecord = (number: number): boolean => {
    const held = view.file({ kind: 'wal', number });
    return held.kind === 'open' && held.file.size() > WAL_HEADER_BYTES;
  };
  return numbers.findLast(holdsRecord) ?? 0;
}

type Judgement = Omit<StandingFile, 'path'>;

function standingOf({ manifest, version }: DatabaseView): (file: DatabaseFile) => Judgement {
  const named = new Map(version.levels.flat().map((table) => [table.number, table]));
  const firstWal = version.walNumbers[0] ?? 0;
  const namedWals = new Set(version.walNumbers);
  const newest = manifest.kind === 'none' ? '' : manifest.path;
  return (file) => {
    switch (file.kind) {
      case 'manifest-tmp':
        return { standing: 'tmp', why: 'was never published' };
      case 'manifest':
        return pathOf(file) === newest
          ? { standing: 'live', why: 'the newest MANIFEST' }
          : { standing: 'stale', why: `replaced by ${newest}` };
      case 'wal':
        if (manifest.kind === 'bad') return UNKNOWN;
        if (file.number < firstWal) return { standing: 'stale', why: 'all that it holds is in tables' };
        return namedWals.has(file.number)
          ? { standing: 'live', why: 'named by the MANIFEST' }
          : { standing: 'live', why: 'made after the MANIFEST' };
      case 'table':
      case 'bloom':
        if (manifest.kind !== 'read') return UNKNOWN;
        return named.get(file.number)?.level === file.level
          ? {
              standing: 'live',
              why: file.kind === 'table' ? 'named by the MANIFEST' : 'the filter of a live table',
            }
          : { standing: 'orphan', why: 'the MANIFEST does not name it' };
    }
  };
}

const UNKNOWN: Judgement = { standing: 'unknown', why: 'there is no MANIFEST that could be read' };

function lockStanding(path: string, held: boolean): StandingFile {
  return held
    ? { path, standing: 'live', why: 'a living process has the database open' }
    : { path, standing: 'stale', why: 'its owner is dead' };
}

function foreignStanding(path: string): StandingFile {
  return { path, standing: 'foreign', why: 'the engine never gives such a name, and leaves it alone' };
}

function comparePaths(left: string, right: string): number {
  const depth = Number(left.includes('/')) - Number(right.includes('/'));
  if (depth !== 0) return depth;
  return left < right ? -1 : 1;
}
