/**
 * For tests: the rules of docs/persistence-models.md once more, as two questions about a whole trace: what has been
 * forced, and does this combination of what is left keep the order that the model promises? `metadata` are changes of
 * entries and truncates; a write counts as metadata too where it makes a file larger or gives it a block
 * (`allocating`), but at a time that the file system chooses: it may be lost while later metadata is there.
 */
import { LOST, type ModelName, type Outcome } from './model.js';
import { arrivedRange, isWithin, type NaiveChange, type Write } from './naive-test-play.js';
import { directoryOf, type Sync, type TraceStep } from './trace.js';

/** The changes that no power loss after the last step can take away. */
export function forcedChanges(
  model: ModelName,
  changes: readonly NaiveChange[],
  steps: readonly TraceStep[],
): ReadonlySet<NaiveChange> {
  const forced = new Set<NaiveChange>();
  for (const [place, sync] of steps.entries()) {
    if ((sync.kind !== 'sync' && sync.kind !== 'sync-directory') || !sync.answered) continue;
    const covered = changes.filter((change) => change.step < sync.since);
    for (const change of covered.filter(
      (change) => forces(model, sync, change, covered, forced) && !failedBetween(steps, change, place),
    ))
      forced.add(change);
  }
  return forced;
}

/** The renames of which only the new name is durable: its directory was synced, and not the other one. */
export function linkedChanges(
  model: ModelName,
  changes: readonly NaiveChange[],
  steps: readonly TraceStep[],
): ReadonlySet<NaiveChange> {
  if (model !== 'posix' && model !== 'btrfs') return new Set();
  const forced = forcedChanges(model, changes, steps);
  const synced = (change: NaiveChange) =>
    steps.some(
      (sync) =>
        sync.kind === 'sync-directory' &&
        sync.answered &&
        change.step < sync.since &&
        sync.path === directoryOf(change.change.path),
    );
  return new Set(
    changes.filter((change) => change.change.kind === 'rename' && !forced.has(change) && synced(change)),
  );
}

/** True if what is left keeps the order of the model. */
export function isLegal({ model, changes, picked, forced, allocating, steps }: Combination): boolean {
  const kept = (change: NaiveChange) => picked[changes.indexOf(change)]?.kind === 'kept';
  return changes.every((change, index) => {
    const outcome = picked[index] ?? LOST;
    if (outcome.kind === 'lost' || outcome.kind === 'linked') return true;
    // A page that a truncation zeroed was written like any other page, whatever the journal has.
    if (change.change.kind === 'truncate' && outcome.kind === 'remnant') return true;
    const before = changes.slice(0, index);
    if (change.change.kind === 'write' && isWithin(change.change, outcome))
      return isZeroed(change.change, before, picked);
    const logged = forced.has(change) || isKnownToLog(change, steps);
    const needed = before.filter((earlier) =>
      comesBefore(model, earlier, change, { allocates: allocating.has(change.step), logged }),
    );
    return needed.every(kept) && (model === 'posix' || keepsPages(before, change, picked));
  });
}

/** Was the page of this write zeroed by the last truncation of its file, and is nothing else left of that? */
function isZeroed(
  { inode, offset }: Write,
  before: readonly NaiveChange[],
  picked: readonly Outcome[],
): boolean {
  const last = before.findLastIndex(({ change }) => change.kind === 'truncate' && change.inode === inode);
  const truncation = before[last]?.change;
  if (truncation?.kind !== 'truncate' || picked[last]?.kind !== 'remnant') return false;
  return Math.floor(truncation.length / PAGE) * PAGE <= offset;
}

export interface Combination {
  readonly model: ModelName;
  readonly changes: readonly NaiveChange[];
  /** What is left of each. */
  readonly picked: readonly Outcome[];
  readonly forced: ReadonlySet<NaiveChange>;
  readonly allocating: ReadonlySet<number>;
  readonly steps: readonly TraceStep[];
}

/** btrfs notes a rename and an unlink in its log at once if the file or the directory is in it already. */
function isKnownToLog(entry: NaiveChange, steps: readonly TraceStep[]): boolean {
  if (entry.change.kind !== 'rename' && entry.change.kind !== 'unlink') return false;
  return steps.slice(0, entry.step).some((sync) => {
    if (sync.kind === 'sync') return sync.answered && sync.inode === inodeOf(entry);
    return sync.kind === 'sync-directory' && sync.answered && directoriesOf(entry).includes(sync.path);
  });
}

/**
 * The cache writes whole pages: where a page arrived with a write that is in this page only, everything arrived that was
 * written into this page alone before, and was not cut off again, as far as the file reaches on the disk: what was
 * appended shows only with the size. What failed to be written may be gone from the cache.
 */
function keepsPages(
  before: readonly NaiveChange[],
  { change }: NaiveChange,
  picked: readonly Outcome[],
): boolean {
  if (change.kind !== 'write') return true;
  const [start, end] = arrivedRange(change, picked[before.length] ?? LOST);
  const page = onlyPageOf(change);
  if (start === end || page === undefined) return true;
  return before.every((earlier, index) => {
    if (earlier.change.kind !== 'write' || earlier.change.inode !== change.inode || earlier.abandoned)
      return true;
    if (onlyPageOf(earlier.change) !== page || grows(earlier)) return true;
    const cut = before
      .slice(index)
      .map((later) => later.change)
      .filter((later) => later.kind === 'truncate' && later.inode === change.inode)
      .map((later) => (later.kind === 'truncate' ? later.length : Infinity));
    const from = earlier.change.offset;
    const to = Math.min(earlier.change.offset + earlier.change.bytes.length, ...cut);
    const [arrivedStart, arrivedEnd] = arrivedRange(earlier.change, picked[index] ?? LOST);
    return from >= to || (arrivedStart <= from && to <= arrivedEnd);
  });
}

/** The place of the page that a write is in; undefined if it is in several. */
function onlyPageOf({ offset, bytes }: Write): number | undefined {
  const first = Math.floor(offset / PAGE);
  return Math.floor((offset + bytes.length - 1) / PAGE) === first ? first : undefined;
}

const PAGE = 4096;

/** Does this sync, answered with success, force this change? */
function forces(
  model: ModelName,
  sync: Sync,
  change: NaiveChange,
  covered: readonly NaiveChange[],
  forced: ReadonlySet<NaiveChange>,
): boolean {
  const ofFile = (entry: NaiveChange) => sync.kind === 'sync' && inodeOf(entry) === sync.inode;
  const ofDirectory = (entry: NaiveChange) =>
    sync.kind === 'sync-directory' && directoriesOf(entry).includes(sync.path);
  switch (model) {
    case 'posix':
      return (ofFile(change) && isData(change)) || (ofDirectory(change) && forcesWhole(sync, change));
    case 'ext4':
    case 'ext4-writeback':
    case 'xfs': {
      if (!isMetadata(change)) return ofFile(change);
      // The journal is committed as far as the last change of what is synced, and not at all if there is none: later
      // changes of others may belong to the next commit.
      return covered.some(
        (entry) =>
          !forced.has(entry) &&
          (ofDirectory(entry) || ofFile(entry)) &&
          entry.step >= change.step &&
          commits(sync, entry),
      );
    }
    case 'btrfs':
      return ofFile(change) || (ofDirectory(change) && forcesWhole(sync, change));
  }
}

/** The log of a directory says which names are in it, not where a file came from. */
function forcesWhole(sync: Sync, { change }: NaiveChange): boolean {
  return change.kind !== 'rename' || directoryOf(change.from) === sync.path;
}

/** Is this a reason to commit the journal when its file or directory is synced? An fdatasync needs no names. */
function commits(sync: Sync, entry: NaiveChange): boolean {
  const { change } = entry;
  if (change.kind === 'write') return grows(entry);
  return (
    sync.kind === 'sync-directory' || sync.whole || change.kind === 'create' || change.kind === 'truncate'
  );
}

/** Dirty pages that could not be written count as clean, and no later sync writes them. A truncation is in no page. */
function failedBetween(steps: readonly TraceStep[], { change, step }: NaiveChange, place: number): boolean {
  if (change.kind !== 'write') return false;
  const between = steps.slice(step, place);
  return between.some((sync) => sync.kind === 'sync' && !sync.answered && sync.inode === change.inode);
}

/** Must `earlier` be there whole if anything of `later` is? */
function comesBefore(
  model: ModelName,
  earlier: NaiveChange,
  later: NaiveChange,
  { allocates, logged }: { readonly allocates: boolean; readonly logged: boolean },
): boolean {
  const metadata = isMetadata(earlier) && (isMetadata(later) || allocates);
  switch (model) {
    case 'posix':
      return false;
    case 'ext4':
    case 'ext4-writeback':
    case 'xfs':
      return metadata;
    case 'btrfs':
      // What is synced goes to a log, ahead of the rest; the rest, overwrites too, comes with one commit.
      return isMetadata(earlier) && !logged;
  }
}

/** Null for a directory. */
function inodeOf({ change }: NaiveChange): number | null {
  return change.kind === 'mkdir' ? null : change.inode;
}

function isData({ change }: NaiveChange): boolean {
  return change.kind === 'write' || change.kind === 'truncate';
}

function isMetadata({ change }: NaiveChange): boolean {
  return change.kind !== 'write';
}

function grows({ change, sizeBefore }: NaiveChange): boolean {
  return change.kind === 'write' && change.offset + change.bytes.length > sizeBefore;
}

/** The directories whose entries a change changes. */
function directoriesOf(entry: NaiveChange): readonly string[] {
  return isData(entry) ? [] : namesOf(entry).map(directoryOf);
}

function namesOf({ change }: NaiveChange): readonly string[] {
  return change.kind === 'rename' ? [change.from, change.path] : [change.path];
}
