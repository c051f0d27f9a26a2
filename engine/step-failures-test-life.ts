import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { bytesOf, dump, SMALL, withEngine } from './engine-test-workload.js';
import { Engine } from './engine.js';
import { EngineError } from './errors.js';
import type { EngineOptions } from './options.js';
import { nodeEnvironment } from './node-environment.js';
import { faultyVfs, TornWrite, type VfsCall } from './vfs/faulty-test-vfs.js';
import { NodeVfs } from './vfs/node-vfs.js';

/**
 * For tests only: one life on a real directory in which one call of the disk fails, and everything that can be seen from
 * outside while it goes on and ends. The life begins with a recovery that has something to mend of every kind, and goes on
 * with writes, flushes, compactions and rotations; it does not stop at the first error.
 */
export interface Fault {
  readonly label: VfsCall['label'];
  /** Counted from 0 among the calls with this label. */
  readonly occurrence: number;
  readonly errno: string;
}

export interface Life {
  /** What opening rejected with; nothing else of a life has happened then. */
  readonly openError: unknown;
  /** Every call of the disk, and which of them failed (-1: none). */
  readonly calls: readonly VfsCall[];
  readonly failedAt: number;
  /** The error that was planted. */
  readonly planted: Error | undefined;
  /** The contents that the promises allow: what was acknowledged, with or without the writes of unknown outcome. */
  readonly allowed: readonly Content[];
  /** Errors of the writes, in order, undefined for one that was acknowledged. */
  readonly writeErrors: readonly unknown[];
  /** Errors of calls that do not write, in order. */
  readonly otherErrors: readonly unknown[];
  /** What was read at the end, or why it could not be. */
  readonly content: unknown;
  /** What a last write got; undefined if it was acknowledged (it is among `allowed` then). */
  readonly refused: unknown;
  readonly closeError: unknown;
}

export type Content = readonly (readonly [string, string])[];

export type Compaction = EngineOptions['compaction'];
export const optionsFor = (compaction: Compaction): Partial<EngineOptions> => ({
  ...SMALL,
  memtableEntriesMax: 5,
  blockCacheBytes: 0,
  compaction,
});

/** Two tables of L0, one without its sidecar, a WAL with a torn tail, and orphans. */
export async function prepareDirectory(directory: string): Promise<void> {
  const quiet = { ...optionsFor('leveled'), l0TablesMax: 6 };
  await withEngine(
    nodeEnvironment(directory),
    async (engine) => {
      await engine.put(bytesOf('old'), bytesOf('1'));
      await engine.flush();
      await engine.put(bytesOf('older'), bytesOf('2'));
      await engine.flush();
      await engine.put(bytesOf('log'), bytesOf('3'));
      await engine.settled();
    },
    quiet,
  );
  const [wal] = readdirSync(join(directory, 'wal'));
  const [sidecar] = readdirSync(join(directory, 'l0')).filter((name) => name.endsWith('.bloom'));
  if (wal === undefined || sidecar === undefined) throw new Error('Expected a WAL and a sidecar.');
  writeFileSync(join(directory, 'wal', wal), Buffer.alloc(30, 7), { flag: 'a' });
  unlinkSync(join(directory, 'l0', sidecar));
  // Not the highest numbers, so that they go before a MANIFEST is published; and one that stays until then.
  for (const name of ['l0/000050.sst', 'MANIFEST-000051.tmp', 'l0/000052.bloom'])
    writeFileSync(join(directory, name), 'half');
}

const PREPARED: Content = [
  ['log', '3'],
  ['old', '1'],
  ['older', '2'],
];

/** Runs the life. Every call is answered within a bounded number of turns of the event loop, or this throws. */
export async function live(directory: string, compaction: Compaction, fault?: Fault): Promise<Life> {
  const calls: VfsCall[] = [];
  let failedAt = -1;
  let planted: Error | undefined;
  let occurrence = 0;
  const vfs = faultyVfs(new NodeVfs(directory, 'inline'), (call) => {
    calls.push(call);
    if (call.label !== fault?.label || occurrence++ !== fault.occurrence) return;
    failedAt = call.index;
    planted = Object.assign(new Error(`${fault.errno}: planted by the test`), { code: fault.errno });
    throw call.kind === 'append' ? new TornWrite(planted) : planted;
  });
  const seen = () => ({ calls, failedAt, planted });
  const environment = { ...nodeEnvironment(directory), vfs };
  const opened = await within(Engine.open(environment, optionsFor(compaction)));
  if (!(opened instanceof Engine)) {
    const nothing = { writeErrors: [], otherErrors: [], content: undefined, refused: opened };
    return { ...seen(), ...nothing, openError: opened, allowed: [PREPARED], closeError: undefined };
  }
  const { allowed, writeErrors, otherErrors } = await work(opened);
  const unsettled = await within(opened.settled());
  const read = async () => await within(dump(opened));
  const first = await read();
  // A read that fails changes nothing, so the next one is right.
  const content = first instanceof EngineError ? await read() : first;
  const refused = await within(opened.put(bytesOf('more'), bytesOf('1')));
  if (refused === undefined) for (const moment of allowed) moment.set('more', '1');
  const closeError = await within(opened.close());
  return {
    ...seen(),
    openError: undefined,
    allowed: allowed.map(sorted),
    writeErrors,
    otherErrors: [...otherErrors, unsettled, first].filter((error) => error instanceof Error),
    content,
    refused,
    closeError,
  };
}

/** Rounds of overwriting puts, deletes and batches, some of them synced, with a flush or a compaction after each. */
async function work(engine: Engine) {
  let allowed: Map<string, string>[] = [new Map(PREPARED)];
  const writeErrors: unknown[] = [];
  const otherErrors: unknown[] = [];
  const write = async (writes: Readonly<Record<string, string | null>>, sync: boolean): Promise<void> => {
    const batch = Object.entries(writes).map(([key, value]) =>
      value === null
        ? ({ kind: 'delete', key: bytesOf(key) } as const)
        : ({ kind: 'put', key: bytesOf(key), value: bytesOf(value) } as const),
    );
    const error = await within(engine.write(batch, { sync }));
    writeErrors.push(error);
    if (error instanceof EngineError && error.outcome === 'none') return;
    const after = allowed.map((moment) => applied(moment, writes));
    allowed = error === undefined ? after : [...allowed, ...after];
  };
  for (let round = 0; round < 7; round++) {
    for (let index = 0; index < 6; index++) {
      await write({ [`k${(round * 5 + index * 3) % 17}`]: `v${round}.${index}` }, index === 2);
    }
    await write(
      { [`k${round}`]: null, [`batch${round % 3}`]: `${round}`, both: `${round}` },
      round % 2 === 0,
    );
    const calls = [
      () => engine.get(bytesOf('k3')),
      () => engine.flush(),
      () => engine.scan({ limit: 3 }).nextMany(3),
      () => (round % 3 === 2 ? engine.compact() : engine.sync()),
    ];
    for (const call of calls) otherErrors.push(await within(call()));
  }
  return { allowed, writeErrors, otherErrors };
}

/** What came of it: the value, or the error that it rejected with. Throws if it takes no end. */
export async function within(promise: Promise<unknown>): Promise<unknown> {
  let settled = false;
  const answer = promise
    .catch((error: unknown) => error)
    .finally(() => {
      settled = true;
    });
  for (let turn = 0; !settled && turn < TURNS_MAX; turn++) await setImmediate();
  if (!settled) throw new Error('Expected an answer, got none: the engine hangs.');
  return await answer;
}
const TURNS_MAX = 20_000;

/** Opens a sound disk after the process of a failed life is gone: its content, and whether it is in order again. */
export async function reopen(directory: string, compaction: Compaction) {
  return await withEngine(
    nodeEnvironment(directory),
    async (engine) => {
      await engine.settled();
      const content = await dump(engine);
      await engine.put(bytesOf('zz'), bytesOf('again'), { sync: true });
      return { content, onDisk: filesBelow(directory), live: engine.files().live };
    },
    optionsFor(compaction),
  );
}

/** Files below a directory, sorted, by the paths that the engine gives them. */
export function filesBelow(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

/** Files below the directory that this process still has open; none where the platform does not say. */
export function descriptorsBelow(directory: string): readonly string[] {
  if (!existsSync('/proc/self/fd')) return [];
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${descriptor}`);
      return path.startsWith(`${directory}/`) ? [path] : [];
    } catch {
      return [];
    }
  });
}

/** The process that could not give its lock back has died. */
export function loseLock(directory: string): void {
  if (existsSync(join(directory, 'LOCK'))) {
    if (!readFileSync(join(directory, 'LOCK'), 'latin1').startsWith(`${process.pid} `))
      throw new Error('The lock is not ours.');
    rmSync(join(directory, 'LOCK'));
  }
}

function applied(
  moment: ReadonlyMap<string, string>,
  writes: Readonly<Record<string, string | null>>,
): Map<string, string> {
  const next = new Map(moment);
  for (const [key, value] of Object.entries(writes)) {
    if (value === null) next.delete(key);
    else next.set(key, value);
  }
  return next;
}

function sorted(content: ReadonlyMap<string, string>): Content {
  return [...content].sort(([left], [right]) => (left < right ? -1 : 1));
}
