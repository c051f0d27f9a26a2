import { Content } from '../content.js';
import { type Disk, hashDisk } from '../disk.js';
import type { Model } from '../model.js';
import { close } from '../choices.js';
import { Simulation } from '../simulation.js';
import type { Change, Sync, TraceStep } from '../trace.js';

/**
 * For tests: every disk that a power loss after the last of some steps may leave, by walking all outcome combinations;
 * and short ways to write such steps and to read such disks.
 */
export function statesOf(model: Model, disk: Disk, steps: readonly TraceStep[]): ReadonlyMap<number, Disk> {
  const simulation = new Simulation(model, disk);
  for (const step of steps) simulation.advance(step);
  const choices = simulation.choices();
  const states = new Map<number, Disk>();
  const picked = choices.map(() => 0);
  for (;;) {
    const state = simulation.state(close(choices, [...picked]));
    states.set(hashDisk(state), state);
    let digit = choices.length - 1;
    while (digit >= 0 && picked[digit] === (choices[digit]?.outcomes.length ?? 0) - 1) picked[digit--] = 0;
    if (digit < 0) return states;
    picked[digit] = (picked[digit] ?? 0) + 1;
  }
}

/** The states as texts like `a=hello b=` (and `d/` for a directory), sorted. */
export function treesOf(model: Model, disk: Disk, steps: readonly TraceStep[]): readonly string[] {
  return [...new Set([...statesOf(model, disk, steps).values()].map(treeText))].sort();
}

/** Bytes are letters; 0 is written `.`, what is neither `~`; runs of more than 8 are counted: `x*4096`. */
export function treeText({ directories, files }: Disk): string {
  const names = [...directories].map((path) => `${path}/`);
  for (const [path, { bytes }] of files) names.push(`${path}=${contentText(bytes)}`);
  return names.sort().join(' ');
}

export function diskOf(files: Readonly<Record<string, string>>, directories: readonly string[] = []): Disk {
  return {
    directories: new Set(directories),
    files: new Map(
      Object.entries(files).map(([path, text]) => [path, new Content(new Uint8Array(Buffer.from(text)))]),
    ),
  };
}

/** Inodes: those of the disk count from 1 in the order of their paths. `path` of a file is for people only. */
export const steps = {
  create: (inode: number, path: string): Change => ({ kind: 'create', label: 'wal/create', inode, path }),
  write: (inode: number, offset: number, text: string): Change => ({
    kind: 'write',
    label: 'wal/append',
    inode,
    path: '',
    offset,
    bytes: new Uint8Array(Buffer.from(text)),
  }),
  truncate: (inode: number, length: number): Change => ({
    kind: 'truncate',
    label: 'recovery/wal.truncate',
    inode,
    path: '',
    length,
  }),
  rename: (inode: number, from: string, path: string, replaced: number | null = null): Change => ({
    kind: 'rename',
    label: 'manifest/rename',
    inode,
    from,
    path,
    replaced,
  }),
  unlink: (inode: number, path: string): Change => ({ kind: 'unlink', label: 'gc/wal.unlink', inode, path }),
  makeDirectory: (path: string): Change => ({ kind: 'mkdir', label: 'open/mkdir', path }),
  fdatasync: (inode: number, since = EVERYTHING): Sync => ({
    kind: 'sync',
    label: 'wal/fsync',
    inode,
    path: '',
    whole: false,
    since,
    answered: true,
  }),
  fsync: (inode: number): Sync => ({ ...steps.fdatasync(inode), whole: true }) as Sync,
  syncDirectory: (path: string): Sync => ({
    kind: 'sync-directory',
    label: 'wal/dir.fsync',
    path,
    since: EVERYTHING,
    answered: true,
  }),
};

const EVERYTHING = Number.MAX_SAFE_INTEGER;

function contentText(bytes: Uint8Array): string {
  const text = [...bytes].map((byte) =>
    byte === 0 ? '.' : byte >= 97 && byte <= 122 ? String.fromCharCode(byte) : '~',
  );
  const unknown = text.includes('~') ? [...bytes].map(() => '~').join('') : text.join('');
  return unknown.replace(/(.)\1{8,}/g, (run, letter: string) => `${letter}*${run.length}`);
}
