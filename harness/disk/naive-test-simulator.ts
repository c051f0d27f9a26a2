/**
 * For tests: power loss in the most direct way one can think of. Every combination of what may be left of every change
 * is tried; those that lose something that was forced, or that break the order that the model keeps, are thrown away;
 * the rest is played from the start on plain maps. Forced changes are tried like all others, nothing is folded, and
 * the rules (naive-test-rules.ts) are written once more from docs/persistence-models.md. Takes time that grows
 * exponentially with the number of changes: nine are about the limit.
 */
import type { Disk } from './disk.js';
import { KEPT, type Fill, type ModelName, type Outcome } from './model.js';
import { forcedChanges, isLegal, linkedChanges } from './naive-test-rules.js';
import {
  initialContents,
  play,
  type FillFunction,
  type NaiveChange,
  type Played,
  type Write,
} from './naive-test-play.js';
import { directoryOf, isChange, type TraceStep } from './trace.js';

/**
 * All trees that a power loss after the last step may leave, each as the text of `treeText`. The files of the disk
 * have the inodes 1, 2, ... in the order of their paths.
 */
export function naiveStates(
  model: ModelName,
  disk: Disk,
  steps: readonly TraceStep[],
  fill: FillFunction,
): ReadonlySet<string> {
  const changes = changesOf(disk, steps);
  const forced = forcedChanges(model, changes, steps);
  const linked = linkedChanges(model, changes, steps);
  const states = new Set<string>();
  for (const picked of combinations(allOutcomes(model, changes))) {
    if (changes.some((change, index) => forced.has(change) && picked[index]?.kind !== 'kept')) continue;
    // The new name is durable: of such a rename, and of no other, both names may be there.
    if (changes.some((change, index) => picked[index]?.kind === (linked.has(change) ? 'lost' : 'linked')))
      continue;
    const played = play(disk, changes, picked, fill);
    if (isLegal({ model, changes, picked, forced, allocating: played.allocating, steps }))
      states.add(treeText(played));
  }
  return states;
}

/** The tree that the process saw last: everything kept. */
export function seenText(disk: Disk, steps: readonly TraceStep[]): string {
  const changes = changesOf(disk, steps);
  const nothing = () => new Uint8Array(0);
  return treeText(
    play(
      disk,
      changes,
      changes.map(() => KEPT),
      nothing,
    ),
  );
}

/** How many combinations `naiveStates` would try. */
export function naiveCost(model: ModelName, disk: Disk, steps: readonly TraceStep[]): number {
  const outcomes = allOutcomes(model, changesOf(disk, steps));
  return outcomes.reduce((cost, { length }) => cost * length, 1);
}

/** Sorted lines: `path=hexadecimal bytes` for a file, `path/` for a directory. */
export function treeText(tree: Pick<Played, 'files' | 'directories'>): string {
  const files = [...tree.files].map(([path, bytes]) => `${path}=${Buffer.from(bytes).toString('hex')}`);
  const directories = [...tree.directories].map((path) => `${path}/`);
  return [...files, ...directories].sort().join('\n');
}

function changesOf(disk: Disk, steps: readonly TraceStep[]): readonly NaiveChange[] {
  const sizes = initialContents(disk).map((bytes) => bytes.length);
  return steps.flatMap((change, step) => {
    if (!isChange(change)) return [];
    const inode = change.kind === 'mkdir' ? 0 : change.inode;
    const sizeBefore = sizes[inode] ?? 0;
    if (change.kind === 'write') sizes[inode] = Math.max(sizeBefore, change.offset + change.bytes.length);
    if (change.kind === 'truncate') sizes[inode] = change.length;
    const abandoned =
      change.kind === 'write' &&
      steps.some(
        (later, place) => later.kind === 'sync' && !later.answered && later.inode === inode && place > step,
      );
    return [{ change, step, sizeBefore, abandoned }];
  });
}

function* combinations(choices: readonly (readonly Outcome[])[]): Generator<readonly Outcome[]> {
  const [first, ...others] = choices;
  if (first === undefined) yield [];
  else for (const outcome of first) for (const rest of combinations(others)) yield [outcome, ...rest];
}

/**
 * What may be seen in a range that grew and whose data did not arrive. The ordered mode of ext4 never shows old blocks,
 * but it sets the size when it allocates them, and until the data is there they read as zeros.
 */
const FILLS: Readonly<Record<ModelName, readonly Fill[]>> = {
  posix: ['zeros', 'garbage', 'stale'],
  ext4: ['zeros'],
  'ext4-writeback': ['zeros', 'garbage', 'stale'],
  xfs: [],
  btrfs: [],
};
const GRAINS: Readonly<Record<ModelName, readonly number[]>> = {
  posix: [512, 4096],
  ext4: [4096],
  'ext4-writeback': [4096],
  xfs: [4096],
  btrfs: [4096],
};

/** Of each change; after a truncation a write may also be in the page that it zeroed, and nowhere else. */
function allOutcomes(model: ModelName, changes: readonly NaiveChange[]): readonly (readonly Outcome[])[] {
  return changes.map(({ change, ...entry }, index) => {
    const outcomes = outcomesOf(model, { change, ...entry });
    const isCut = changes
      .slice(0, index)
      .some(
        (earlier) =>
          earlier.change.kind === 'truncate' &&
          change.kind === 'write' &&
          earlier.change.inode === change.inode,
      );
    if (!isCut || change.kind !== 'write' || model === 'btrfs') return outcomes;
    return [...outcomes, { kind: 'remnant', part: 'head', at: change.bytes.length, fill: 'nothing' }];
  });
}

function outcomesOf(model: ModelName, { change, sizeBefore }: NaiveChange): readonly Outcome[] {
  const whole: Outcome[] = [{ kind: 'kept' }, { kind: 'lost' }];
  if (
    change.kind === 'truncate' &&
    model !== 'btrfs' &&
    change.length < sizeBefore &&
    change.length % 4096 > 0
  )
    return [...whole, { kind: 'remnant', part: 'none', at: 0, fill: 'zeros' }];
  if (change.kind === 'rename' && directoryOf(change.from) !== directoryOf(change.path))
    return [...whole, { kind: 'linked' }];
  if (change.kind !== 'write') return whole;
  const grows = change.offset + change.bytes.length > sizeBefore;
  const shown = grows ? FILLS[model] : [];
  const cuts = GRAINS[model].flatMap((grain) => cutsOf(change, grain));
  return [
    ...whole,
    ...shown.map((fill): Outcome => ({ kind: 'remnant', part: 'none', at: 0, fill })),
    ...[...new Set(cuts)].flatMap((at) =>
      (['nothing', ...shown] satisfies Fill[]).flatMap((fill): Outcome[] => [
        { kind: 'remnant', part: 'head', at, fill },
        { kind: 'remnant', part: 'tail', at, fill },
      ]),
    ),
  ];
}

/** The first, a middle and the last multiple of the grain inside the write, counted from its start. */
function cutsOf({ offset, bytes }: Write, grain: number): readonly number[] {
  const cuts = Array.from(bytes.keys()).filter((at) => at > 0 && (offset + at) % grain === 0);
  return cuts.filter((_, index) => [0, Math.floor(cuts.length / 2), cuts.length - 1].includes(index));
}
