import { expect, test } from 'vitest';
import { bytesOf, dump, runActions, SMALL, withEngine } from '../engine-test-workload.js';
import { Engine } from '../engine.js';
import type { Environment } from '../environment.js';
import { parsePath } from '../filenames.js';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import { faultyVfs, TornWrite, type VfsCall } from '../vfs/faulty-test-vfs.js';

/**
 * A crash test by exception: at call n the file system dies, which is to say that this call and all later ones
 * throw, and what was in the files at that moment is what the next life finds. Every call of the workload is a
 * crash point, and so is every call of the recovery that follows: two crashes deep, without a gap.
 *
 * The files live in memory and syncs do nothing, so this says what a SIGKILL may do and not what a power loss may.
 */
class Crash extends Error {}

type Files = ReadonlyMap<string, Uint8Array>;

/** A world that holds a copy of `files` and dies at call `crashAt`, in the middle of it if that is a write. */
function world(files: Files, crashAt = Infinity, created: string[] = []) {
  const base = makeTestEnvironment();
  for (const [path, bytes] of files) base.files.set(path, bytes);
  const calls: VfsCall[] = [];
  const vfs = faultyVfs(base.environment.vfs, (call) => {
    calls.push(call);
    if (call.index >= crashAt) {
      const crash = new Crash(`crash at ${call.label}`);
      throw call.index === crashAt && call.kind === 'append' ? new TornWrite(crash) : crash;
    }
    if (call.kind === 'create') created.push(call.path);
  });
  const environment: Environment = { ...base.environment, vfs };
  return { environment, files: base.files, calls };
}

/** Opens and lets the world die at call `crashAt` of the recovery. True if recovery came to its end before. */
async function interrupt(files: Files, crashAt: number, created: string[]) {
  const life = world(files, crashAt, created);
  try {
    const engine = await Engine.open(life.environment, SMALL);
    await engine.close().catch(() => undefined);
    return { files: life.files, finished: true };
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENGINE_IO', cause: expect.any(Crash) as unknown });
    return { files: life.files, finished: false };
  }
}

/** Paths of files whose number was given before. A sidecar has its table's number and may be made anew. */
function reused(created: readonly string[]): string[] {
  const seen = new Set<number>();
  return created.filter((path) => {
    const file = parsePath(path);
    if (file === undefined || file.kind === 'bloom') return false;
    if (seen.has(file.number)) return true;
    seen.add(file.number);
    return false;
  });
}

/** The content after an undisturbed recovery, which must also leave no orphan and take writes that last. */
async function recovered(files: Files, created: string[]): Promise<readonly (readonly [string, string])[]> {
  const life = world(files, Infinity, created);
  const content = await withEngine(life.environment, async (engine) => {
    await engine.settled();
    expect([...life.files.keys(), 'LOCK'].sort()).toEqual(engine.files().live);
    const found = await dump(engine);
    await engine.put(bytesOf('zz'), bytesOf('new life'));
    return found;
  });
  const next = world(life.files, Infinity, created);
  expect(await withEngine(next.environment, dump)).toEqual([...content, ['zz', 'new life']]);
  expect(reused(created)).toEqual([]);
  return content;
}

async function crashedAt(crashAt: number) {
  const created: string[] = [];
  const life = world(new Map(), crashAt, created);
  const engine = await Engine.open(life.environment, SMALL).catch(() => undefined);
  if (engine === undefined) return { ...life, created, allowed: [[]] };
  const { allowed } = await runActions(engine);
  await engine.close().catch(() => undefined);
  return { ...life, created, allowed };
}

test('whatever the call at which the engine dies, everything acknowledged is there and no number is used twice', async () => {
  const { calls } = await crashedAt(Infinity);
  const labels = new Set(calls.map(({ label }) => label));
  for (const label of ['compaction/sst.write', 'gc/wal.unlink', 'manifest/rename', 'wal/create'] as const) {
    expect(labels).toContain(label);
  }
  for (let crashAt = 0; crashAt < calls.length; crashAt++) {
    const { files, created, allowed } = await crashedAt(crashAt);
    expect(allowed, `after a crash at call ${crashAt}`).toContainEqual(await recovered(files, created));
  }
});

test('recovery interrupted at any call and run again gives the same answers', async () => {
  const { calls } = await crashedAt(Infinity);
  for (let first = 0; first < calls.length; first += 11) {
    const start = await crashedAt(first);
    const expected = await recovered(start.files, [...start.created]);
    for (let second = 0, finished = false; !finished; second++) {
      const created = [...start.created];
      const life = await interrupt(start.files, second, created);
      finished = life.finished;
      const place = `crash at call ${first} of the workload and ${second} of the recovery`;
      expect(await recovered(life.files, created), place).toEqual(expected);
    }
  }
});

test('a recovery that dies again and again uses no number twice and comes through in the end', async () => {
  const { calls } = await crashedAt(Infinity);
  const start = await crashedAt(Math.floor(calls.length * 0.7));
  const expected = await recovered(start.files, [...start.created]);
  const created = [...start.created];
  let files: Files = start.files;
  // Each life that dies leaves a file more to read, so the crash point would never reach the end of a recovery.
  for (let crashAt = 0; crashAt < 100; crashAt++) ({ files } = await interrupt(files, crashAt, created));
  expect(await recovered(files, created)).toEqual(expected);
});
