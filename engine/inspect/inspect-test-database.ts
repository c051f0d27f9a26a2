import { ACTIONS, type Action, dump, runActions, SMALL, textOf } from '../engine-test-workload.js';
import { Engine } from '../engine.js';
import { EngineError } from '../errors.js';
import type { EngineOptions } from '../options.js';
import { loadHashes } from '../table/hashes.js';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import type { Vfs } from '../vfs/vfs.js';
import { checkDatabase, type CheckSummary } from './check.js';
import { dumpPairs, type DumpRange } from './dump.js';
import type { Finding } from './finding.js';
import { guardedVfs } from './guarded-vfs.js';
import { inspectManifest, inspectTable, inspectWal } from './inspect-path.js';
import { showTree } from './show-tree.js';
import { linesOf, type Shown } from './shown.js';
import { openView } from './view.js';

/**
 * For tests only: small databases as files in memory, and everything that an inspection says of them, through a Vfs that
 * fails the test where anything but a reading is asked of it.
 */
export type Files = ReadonlyMap<string, Uint8Array>;
export type Pairs = readonly (readonly [string, string])[];

export const hashes = await loadHashes();

/** More than the usual workload: tables in L0, L1 and L2, and a WAL with records that were synced and some that were not. */
const LEVELS: readonly Action[] = [
  ...ACTIONS,
  ...Array.from({ length: 30 }, (_, index): Action => {
    const key = `m${String((index * 7) % 30).padStart(2, '0')}`;
    return {
      kind: 'write',
      writes: { [key]: `v${index}`, [`k${index % 7}`]: index % 5 === 0 ? null : `w${index}` },
    };
  }),
  { kind: 'write', writes: { extra: 'durable' } },
  { kind: 'sync' },
  { kind: 'write', writes: { other: 'perhaps not' } },
];

/** The files of a database after some actions, on limits so small that there are several levels. */
export async function makeFiles(
  end: 'close' | 'crash',
  actions: readonly Action[] = LEVELS,
  options: Partial<EngineOptions> = {},
): Promise<Files> {
  const { environment, files } = makeTestEnvironment();
  const engine = await Engine.open(environment, { ...SMALL, ...options });
  const { error } = await runActions(engine, actions);
  if (error !== undefined) throw new Error('The workload did not come to its end.', { cause: error });
  await engine.settled();
  const crashed = new Map(files);
  await engine.close();
  return end === 'close' ? files : crashed;
}

/** The files as a disk that can only be read. */
export function readOnly(files: Files): Vfs {
  const { environment, files: copy } = makeTestEnvironment();
  for (const [path, bytes] of files) copy.set(path, bytes);
  return guardedVfs(environment.vfs);
}

export function checkAll(vfs: Vfs): {
  readonly findings: readonly Finding[];
  readonly summary: CheckSummary;
} {
  const view = openView(vfs);
  try {
    const check = checkDatabase(view, hashes);
    const findings: Finding[] = [];
    let step = check.next();
    for (; step.done !== true; step = check.next()) findings.push(step.value);
    return { findings, summary: step.value };
  } finally {
    view.close();
  }
}

/** Files with a fault. */
export function faultyFiles(vfs: Vfs): readonly string[] {
  return checkAll(vfs).findings.flatMap(({ kind, file }) => (kind === 'fault' ? [file] : []));
}

/** What a dump prints, or the one error that it may give. */
export function dumpAll(vfs: Vfs, range?: DumpRange): Pairs | EngineError {
  const view = openView(vfs);
  try {
    return [...dumpPairs(view, hashes, range)].map(([key, value]) => [textOf(key), textOf(value)] as const);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'ENGINE_CORRUPT') return error;
    throw error;
  } finally {
    view.close();
  }
}

export interface Recovered {
  /** What can be read, or the damage that the engine reports when it opens or reads. */
  readonly content: Pairs | EngineError;
  /** Files that were gone when it was open, sorted. */
  readonly deleted: readonly string[];
}

/** What the engine itself makes of a copy. */
export async function recoverAll(files: Files): Promise<Recovered> {
  const { environment, files: copy } = makeTestEnvironment();
  for (const [path, bytes] of files) copy.set(path, bytes);
  return await contentOf(environment.vfs, [...files.keys()]);
}

/** The same on the disk itself, which it changes. `paths` are the files that may be deleted. */
export async function contentOf(vfs: Vfs, paths: readonly string[] = []): Promise<Recovered> {
  const { environment } = makeTestEnvironment();
  try {
    const engine = await Engine.open({ ...environment, vfs }, NO_COMPACTION);
    try {
      const deleted = paths.filter((path) => !isThere(vfs, path)).sort();
      return { content: await dump(engine), deleted };
    } finally {
      await engine.close();
    }
  } catch (error) {
    if (error instanceof EngineError && error.code === 'ENGINE_CORRUPT')
      return { content: error, deleted: [] };
    throw error;
  }
}

const NO_COMPACTION = { ...SMALL, l0TablesMax: 100, l0TablesSlowdown: 100, l0TablesStall: 100 };

function isThere(vfs: Vfs, path: string): boolean {
  const slash = path.indexOf('/');
  return vfs.list(path.slice(0, Math.max(0, slash)), 'open/list').includes(path.slice(slash + 1));
}

/** Every line that the four inspections print, in both forms. */
export function inspectAll(vfs: Vfs): readonly string[] {
  const directory = { kind: 'directory', vfs } as const;
  const options = { entries: true, values: true };
  const lines: string[] = [];
  const print = (shown: Generator<Shown, unknown>): void => {
    for (const piece of shown) lines.push(linesOf(piece, 'text'), linesOf(piece, 'json'));
  };
  print(inspectWal(directory, true));
  print(inspectTable(directory, hashes, options));
  print(inspectManifest(directory));
  const view = openView(vfs);
  print(showTree(view));
  view.close();
  return lines;
}
