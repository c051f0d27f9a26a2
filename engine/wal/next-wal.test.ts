import { expect, test } from 'vitest';
import { bytesOf, dump, SMALL, withEngine } from '../engine-test-workload.js';
import { Engine } from '../engine.js';
import type { Environment } from '../environment.js';
import { FileNumbers } from '../file-numbers.js';
import { parsePath } from '../filenames.js';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import { faultyVfs, inputOutputError, type VfsCall } from '../vfs/faulty-test-vfs.js';
import { NextWal } from './next-wal.js';
import { WAL_HEADER_BYTES } from './record.js';

const PREPARE_LABELS = ['prepare/wal.create', 'prepare/wal.write', 'prepare/wal.fsync', 'prepare/dir.fsync'];

function makeNextWal(environment: Environment) {
  const numbers = new FileNumbers(7);
  const errors: unknown[] = [];
  return { nextWal: new NextWal(environment, numbers, (error) => void errors.push(error)), numbers, errors };
}

/** An environment that writes down its calls and fails at those for which `fails` says so. */
function failing(fails: (call: VfsCall) => boolean) {
  const base = makeTestEnvironment();
  const vfs = faultyVfs(base.environment.vfs, (call) => {
    if (fails(call)) throw inputOutputError();
  });
  return { ...base, environment: { ...base.environment, vfs } satisfies Environment };
}

const walsOf = (paths: Iterable<string>): number[] =>
  [...paths].flatMap((path) => {
    const file = parsePath(path);
    return file?.kind === 'wal' ? [file.number] : [];
  });

test('what is prepared is synced with its name before it is ready, and is what is taken', async () => {
  const { environment, calls, files } = makeTestEnvironment();
  const { nextWal, numbers } = makeNextWal(environment);
  nextWal.prepare();
  expect({ ready: nextWal.readyNumber, idle: nextWal.isIdle }).toEqual({ ready: undefined, idle: false });
  expect(numbers.pending()).toEqual(['wal/000007.wal']);
  await nextWal.idle();
  expect({ ready: nextWal.readyNumber, idle: nextWal.isIdle }).toEqual({ ready: 7, idle: true });
  expect(calls.map((call) => call.split(' ')[0])).toEqual(PREPARE_LABELS);
  nextWal.prepare();
  const wal = await nextWal.take();
  expect(wal.number).toBe(7);
  expect(wal.bytes).toBe(WAL_HEADER_BYTES);
  expect(nextWal.readyNumber).toBeUndefined();
  expect(walsOf(files.keys())).toEqual([7]);
  expect(numbers.pending()).toEqual(['wal/000007.wal']);
  nextWal.named(wal);
  expect(numbers.pending()).toEqual([]);
  wal.close();
});

test('what is taken before anybody has prepared it is made on the spot', async () => {
  const { environment, calls } = makeTestEnvironment();
  const { nextWal } = makeNextWal(environment);
  const wal = await nextWal.take();
  expect(calls.map((call) => call.split(' ')[0])).toEqual([
    'wal/create',
    'wal/header',
    'wal/fsync',
    'wal/dir.fsync',
  ]);
  nextWal.prepare();
  const next = await nextWal.take();
  expect([wal.number, next.number]).toEqual([7, 8]);
});

test('who takes while it is prepared gets that one, and not a second', async () => {
  const { environment, files } = makeTestEnvironment();
  const { nextWal } = makeNextWal(environment);
  nextWal.prepare();
  expect((await nextWal.take()).number).toBe(7);
  expect(walsOf(files.keys())).toEqual([7]);
});

test('a preparation that fails is told at once, and again to whoever takes', async () => {
  for (const label of PREPARE_LABELS) {
    const { environment } = failing((call) => call.label === label);
    const { nextWal, errors } = makeNextWal(environment);
    nextWal.prepare();
    await nextWal.idle();
    expect(errors, label).toEqual([expect.objectContaining({ code: 'EIO' })]);
    expect(nextWal.readyNumber, label).toBeUndefined();
    await expect(nextWal.take(), label).rejects.toBe(errors[0]);
    await nextWal.close();
  }
});

test('closing leaves the file where it is', async () => {
  const { environment, files } = makeTestEnvironment();
  const { nextWal } = makeNextWal(environment);
  nextWal.prepare();
  await nextWal.close();
  expect(walsOf(files.keys())).toEqual([7]);
});

const TEN = { ...SMALL, memtableEntriesMax: 10 };

async function fill(engine: Engine, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) await engine.put(bytesOf(`k${index}`), bytesOf(`${index}`));
}

test('at four fifths of the entries, or of the bytes, the next WAL is made, and the rotation takes it', async () => {
  for (const [limits, value] of [
    [TEN, bytesOf('')],
    [{ ...SMALL, memtableEntriesMax: 1_000, memtableBytesMax: 10_000 }, new Uint8Array(950)],
  ] as const) {
    const { environment, calls } = makeTestEnvironment();
    const engine = await Engine.open(environment, limits);
    const [first = 0] = walsOf(engine.files().live);
    const opened = calls.length;
    let puts = 0;
    while (walsOf(engine.files().live).length === 1) {
      await engine.put(bytesOf(`k${puts++}`), value);
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      expect(puts).toBeLessThan(11);
    }
    // How many bytes an entry weighs is the memtable's affair.
    if (limits === TEN) expect(puts).toBe(8);
    else expect(puts).toBeGreaterThan(5);
    const [, prepared = 0] = walsOf(engine.files().live);
    expect(prepared).toBeGreaterThan(first);
    while (engine.stats().flushes === 0) {
      await engine.put(bytesOf(`k${puts++}`), value);
      await engine.settled();
      expect(puts).toBeLessThan(30);
    }
    // Only the WAL that was prepared: none was made at the rotation.
    expect(calls.slice(opened).filter((call) => call.startsWith('wal/create'))).toEqual([]);
    expect(walsOf(engine.files().live)).toEqual([prepared]);
    await engine.close();
  }
});

test('a flush before four fifths makes a WAL at the rotation', async () => {
  const { environment, calls } = makeTestEnvironment();
  await withEngine(
    environment,
    async (engine) => {
      await fill(engine, 0, 3);
      const before = calls.length;
      await engine.flush();
      expect(calls.slice(before).filter((call) => call.startsWith('wal/create'))).toHaveLength(1);
      expect(calls.filter((call) => call.startsWith('prepare/'))).toEqual([]);
    },
    TEN,
  );
});

test('a prepared WAL that nobody has used is deleted by the next opening, and its number is not given again', async () => {
  for (const ending of ['close', 'death'] as const) {
    const { environment, files } = makeTestEnvironment();
    const engine = await Engine.open(environment, TEN);
    await fill(engine, 0, 9);
    await engine.settled();
    const [, prepared = 0] = walsOf(engine.files().live);
    if (ending === 'close') await engine.close();
    expect(walsOf(files.keys())).toContain(prepared);
    const numbers = await withEngine(
      environment,
      async (next) => {
        expect(walsOf(files.keys()), ending).not.toContain(prepared);
        expect(await dump(next), ending).toHaveLength(9);
        await fill(next, 9, 30);
        await next.settled();
        return [...files.keys()].flatMap((path) => parsePath(path)?.number ?? []);
      },
      TEN,
    );
    expect(Math.min(...numbers), ending).toBeGreaterThan(prepared);
  }
});

test('a preparation that fails makes the engine read-only, and loses nothing', async () => {
  for (const label of PREPARE_LABELS) {
    let armed = true;
    const { environment } = failing((call) => armed && call.label === label);
    const engine = await Engine.open(environment, TEN);
    await fill(engine, 0, 8);
    await expect(engine.settled(), label).rejects.toMatchObject({ code: 'ENGINE_READ_ONLY' });
    await expect(fill(engine, 8, 9), label).rejects.toMatchObject({
      code: 'ENGINE_READ_ONLY',
      outcome: 'none',
      cause: { code: 'ENGINE_IO', cause: { code: 'EIO' } },
    });
    expect(await dump(engine), label).toHaveLength(8);
    await engine.close();
    armed = false;
    expect(await withEngine(environment, dump, TEN), label).toHaveLength(8);
  }
});
