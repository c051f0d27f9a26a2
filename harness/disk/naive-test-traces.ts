/**
 * For tests: random traces that a process could have made. Commands are drawn without knowing what is there and then
 * played on a list of names; one that makes no sense at its place is left out. There are at most four files at a
 * time, two in the root and two in the directory `d`.
 */
import fc from 'fast-check';
import { Content } from './content.js';
import type { Disk } from './disk.js';
import { directoryOf, isChange, type TraceStep } from './trace.js';

export interface DiskAndTrace {
  readonly disk: Disk;
  readonly steps: readonly TraceStep[];
}

/** Traces of at most this many changes, and about as many syncs, on a disk that may hold files already. */
export function tracesOf(changesMax: number): fc.Arbitrary<DiskAndTrace> {
  return fc
    .record({
      sizes: fc.dictionary(PATH, fc.constantFrom(0, 3, 510, 4_090), { maxKeys: 2 }),
      commands: fc.array(COMMAND, { minLength: 1, maxLength: 2 * changesMax, size: 'max' }),
    })
    .map(({ sizes, commands }) => {
      const disk = diskOf(sizes);
      return { disk, steps: stepsOf(disk, commands, changesMax) };
    });
}

/** The trace as lines, for the message of a failed comparison. */
export function traceText(steps: readonly TraceStep[]): string {
  return steps.map((step, place) => `${place} ${stepText(step)}`).join('\n');
}

type Command = readonly [
  kind: (typeof KINDS)[number],
  path: string,
  other: string,
  amount: number,
  back: number,
];

const KINDS = [
  'create',
  'append',
  'append',
  'overwrite',
  'truncate',
  'rename',
  'unlink',
  'sync',
  'sync whole',
  'sync failed',
  'sync-directory',
  'sync-directory failed',
] as const;
const PATH = fc.constantFrom('a', 'b', 'd/c', 'd/e');
/** Lengths; the last ones cross one or several boundaries of 512 and 4,096 bytes. */
const LENGTHS = [1, 2, 5, 9, 600, 1_600, 4_100];
const COMMAND: fc.Arbitrary<Command> = fc.tuple(
  fc.constantFrom(...KINDS),
  PATH,
  PATH,
  fc.nat(63),
  fc.constantFrom(0, 0, 0, 1, 2),
);

function diskOf(sizes: Readonly<Record<string, number>>): Disk {
  const files = Object.entries(sizes).map(
    ([path, size], index) => [path, new Content(new Uint8Array(size).fill(0xd0 + index))] as const,
  );
  return { directories: new Set(['d']), files: new Map(files) };
}

function stepsOf(disk: Disk, commands: readonly Command[], changesMax: number): readonly TraceStep[] {
  const paths = [...disk.files.keys()].sort();
  const inodes = new Map(paths.map((path, index) => [path, index + 1]));
  const sizes = new Map(paths.map((path) => [inodes.get(path), disk.files.get(path)?.bytes.length ?? 0]));
  const steps: TraceStep[] = [];
  let inodesMade = paths.length;
  for (const [kind, path, other, amount, back] of commands) {
    if (steps.filter(isChange).length === changesMax) break;
    const inode = inodes.get(path);
    const size = sizes.get(inode) ?? 0;
    // What is written while a failing sync runs may be clean afterwards or not; the simulation takes it as dirty.
    const since = kind === 'sync failed' ? steps.length : Math.max(0, steps.length - back);
    if (kind === 'sync-directory' || kind === 'sync-directory failed') {
      const answered = kind === 'sync-directory';
      steps.push({ kind: 'sync-directory', label: 'x', path: directoryOf(path), since, answered });
      continue;
    }
    if (inode === undefined) {
      if (kind !== 'create') continue;
      inodesMade++;
      inodes.set(path, inodesMade);
      steps.push({ kind, label: 'x', inode: inodesMade, path });
      continue;
    }
    const step = stepOn({ kind, path, other, amount, inode, size, since, place: steps.length });
    if (step === undefined) continue;
    if (step.kind === 'rename') {
      steps.push({ ...step, replaced: inodes.get(other) ?? null });
      inodes.delete(path);
      inodes.set(other, inode);
      continue;
    }
    if (step.kind === 'unlink') inodes.delete(path);
    if (step.kind === 'truncate') sizes.set(inode, step.length);
    if (step.kind === 'write') sizes.set(inode, Math.max(size, step.offset + step.bytes.length));
    steps.push(step);
  }
  return steps;
}

function stepOn(command: {
  readonly kind: Exclude<Command[0], 'sync-directory' | 'sync-directory failed'>;
  readonly path: string;
  readonly other: string;
  readonly amount: number;
  readonly inode: number;
  readonly size: number;
  readonly since: number;
  readonly place: number;
}): TraceStep | undefined {
  const { kind, path, other, amount, inode, size, since, place } = command;
  const label = 'x';
  const bytes = new Uint8Array(LENGTHS[amount % LENGTHS.length] ?? 1).fill(place + 1);
  switch (kind) {
    case 'create':
      return undefined;
    case 'append':
      return { kind: 'write', label, inode, path, offset: size, bytes };
    case 'overwrite':
      if (size === 0) return undefined;
      return { kind: 'write', label, inode, path, offset: Math.floor((size * (amount >> 3)) / 8), bytes };
    case 'truncate':
      return { kind, label, inode, path, length: [0, 0, size >> 1, size >> 1, size + 7][amount % 5] ?? 0 };
    case 'rename':
      return path === other ? undefined : { kind, label, inode, from: path, path: other, replaced: null };
    case 'unlink':
      return { kind, label, inode, path };
    case 'sync':
    case 'sync whole':
    case 'sync failed':
      return {
        kind: 'sync',
        label,
        inode,
        path,
        whole: kind === 'sync whole',
        since,
        answered: kind !== 'sync failed',
      };
  }
}

function stepText(step: TraceStep): string {
  switch (step.kind) {
    case 'write':
      return `write ${step.path} (${step.inode}) [${step.offset}, ${step.offset + step.bytes.length})`;
    case 'truncate':
      return `truncate ${step.path} (${step.inode}) to ${step.length}`;
    case 'create':
    case 'unlink':
      return `${step.kind} ${step.path} (${step.inode})`;
    case 'rename':
      return `rename ${step.from} (${step.inode}) to ${step.path} (${step.replaced ?? 'new'})`;
    case 'mkdir':
      return `mkdir ${step.path}`;
    case 'sync':
      return `${step.whole ? 'fsync' : 'fdatasync'} ${step.path} (${step.inode}) since ${step.since}${step.answered ? '' : ' failed'}`;
    case 'sync-directory':
      return `sync directory '${step.path}' since ${step.since}${step.answered ? '' : ' failed'}`;
    case 'none':
      return 'nothing';
  }
}
