/**
 * For tests: one combination of what is left of every change, played from the start on plain maps of names and bytes.
 */
import type { Disk } from './disk.js';
import type { Outcome } from './model.js';
import { directoryOf, type Change, type DataChange } from './trace.js';

/** A change with what was known when it was made. */
export interface NaiveChange {
  readonly change: Change;
  readonly step: number;
  /** For data: the size that the process saw before it. */
  readonly sizeBefore: number;
  /** A sync of its file failed at some time after it. */
  readonly abandoned: boolean;
}

export type Write = Extract<DataChange, { readonly kind: 'write' }>;

/** The arbitrary bytes of a range of a file that grew and whose data did not arrive; `start` is a file offset. */
export type FillFunction = (
  kind: 'garbage' | 'stale',
  inode: number,
  step: number,
  start: number,
  length: number,
) => Uint8Array;

/** What one combination leaves. */
export interface Played {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly directories: ReadonlySet<string>;
  /** Steps of the writes that made a file larger, or gave it a block that it did not have. */
  readonly allocating: ReadonlySet<number>;
}

/** What is there if this much is left of every change, the initial disk below. */
export function play(
  disk: Disk,
  changes: readonly NaiveChange[],
  picked: readonly Outcome[],
  fill: FillFunction,
): Played {
  const contents = initialContents(disk);
  const names = new Map([...disk.files.keys()].sort().map((path, index) => [path, index + 1]));
  const directories = new Set(disk.directories);
  const blocks = contents.map((bytes) => new Set(blocksOf(0, bytes.length)));
  const allocating = new Set<number>();
  for (const [index, entry] of changes.entries()) {
    const { change, step } = entry;
    const outcome = picked[index];
    if (outcome === undefined || outcome.kind === 'lost') continue;
    switch (change.kind) {
      case 'create':
        names.set(change.path, change.inode);
        break;
      case 'rename':
        if (outcome.kind !== 'linked' && names.get(change.from) === change.inode) names.delete(change.from);
        names.set(change.path, change.inode);
        break;
      case 'unlink':
        if (names.get(change.path) === change.inode) names.delete(change.path);
        break;
      case 'mkdir':
        directories.add(change.path);
        break;
      case 'truncate': {
        if (outcome.kind === 'remnant') {
          // The page was zeroed from the new end on, and the size is still the old one.
          const nextPage = Math.floor(change.length / 4096) * 4096 + 4096;
          const zeroed = [...(contents[change.inode] ?? [])].map((byte, at) =>
            at >= change.length && at < nextPage ? 0 : byte,
          );
          contents[change.inode] = Uint8Array.from(zeroed);
          break;
        }
        contents[change.inode] = resized(contents[change.inode] ?? new Uint8Array(0), change.length);
        const left = blocksOf(0, change.length);
        blocks[change.inode] = new Set(left.filter((block) => blocks[change.inode]?.has(block)));
        break;
      }
      case 'write': {
        const before = contents[change.inode] ?? new Uint8Array(0);
        if (isWithin(change, outcome)) {
          // In the page, and not in the size of the file.
          const nextPage = Math.floor(change.offset / 4096) * 4096 + 4096;
          contents[change.inode] = before.map((byte, at) =>
            at < nextPage ? (change.bytes[at - change.offset] ?? byte) : byte,
          );
          break;
        }
        const after = written(before, entry, change, outcome, fill);
        contents[change.inode] = after;
        const own = (blocks[change.inode] ??= new Set());
        const touched = blocksOf(...arrivedRange(change, outcome));
        if (after.length > before.length || touched.some((block) => !own.has(block))) allocating.add(step);
        for (const block of touched) own.add(block);
        break;
      }
    }
  }
  const reachable = [...names].filter(
    ([path]) => directoryOf(path) === '' || directories.has(directoryOf(path)),
  );
  const files = new Map(reachable.map(([path, inode]) => [path, contents[inode] ?? new Uint8Array(0)]));
  return { files, directories, allocating };
}

/** The bytes of the files of a disk by inode: 1, 2, ... in the order of their paths; there is no inode 0. */
export function initialContents(disk: Disk): Uint8Array[] {
  const paths = [...disk.files.keys()].sort();
  return [new Uint8Array(0), ...paths.map((path) => disk.files.get(path)?.bytes ?? new Uint8Array(0))];
}

/** Places of the blocks of 4,096 bytes that hold the bytes from `start` to `end`. */
function blocksOf(start: number, end: number): readonly number[] {
  const first = Math.floor(start / 4096);
  return Array.from({ length: Math.max(0, Math.ceil(end / 4096) - first) }, (_, index) => first + index);
}

/**
 * A head as long as the write stands for: what of it lies in its first page and within the file as it is.
 */
export function isWithin({ bytes }: Write, outcome: Outcome): boolean {
  return outcome.kind === 'remnant' && outcome.part === 'head' && outcome.at === bytes.length;
}

/** Start and end in the file of the bytes that arrived. */
export function arrivedRange({ offset, bytes }: Write, outcome: Outcome): [start: number, end: number] {
  if (outcome.kind === 'kept') return [offset, offset + bytes.length];
  if (outcome.kind !== 'remnant' || outcome.part === 'none') return [offset, offset];
  if (outcome.part === 'head') return [offset, offset + outcome.at];
  return [offset + outcome.at, offset + bytes.length];
}

/** First the size and the fill of what was appended, then the bytes that arrived on top. */
function written(
  before: Uint8Array,
  { step }: NaiveChange,
  change: Write,
  outcome: Outcome,
  fill: FillFunction,
): Uint8Array {
  const end = change.offset + change.bytes.length;
  const [arrivedStart, arrivedEnd] = arrivedRange(change, outcome);
  const filled = outcome.kind === 'remnant' && outcome.fill !== 'nothing';
  const size = Math.max(before.length, filled ? end : arrivedEnd);
  const after = resized(before, size);
  // What an earlier write would have put there did not arrive either, so the fill begins where this file ends.
  const appended = Math.max(change.offset, before.length);
  if (outcome.kind === 'remnant' && end > appended) {
    const length = end - appended;
    if (outcome.fill === 'garbage' || outcome.fill === 'stale')
      after.set(fill(outcome.fill, change.inode, step, appended, length), appended);
  }
  after.set(change.bytes.subarray(arrivedStart - change.offset, arrivedEnd - change.offset), arrivedStart);
  return after;
}

/** A copy of another length; what is added is zero. */
function resized(bytes: Uint8Array, length: number): Uint8Array {
  const copy = new Uint8Array(length);
  copy.set(bytes.subarray(0, length));
  return copy;
}
