import { expect, test } from 'vitest';
import { bytesOf, dump, runActions, SMALL, withEngine } from './engine-test-workload.js';
import { Engine } from './engine.js';
import type { Environment } from './environment.js';
import { corrupt, EngineError } from './errors.js';
import { Health } from './health.js';
import { makeTestEnvironment } from './table/table-test-vfs.js';
import { faultyVfs, inputOutputError, TornWrite, type VfsCall } from './vfs/faulty-test-vfs.js';

test('the first failure is the one that is told, and is announced once', () => {
  let announced = 0;
  const health = new Health(() => announced++);
  health.checkWritable();
  const first = health.fail(inputOutputError());
  expect(health.fail(inputOutputError('ENOSPC'))).toBe(first);
  expect(first).toMatchObject({ code: 'ENGINE_IO', outcome: 'unknown' });
  expect(announced).toBe(1);
  expect(health.cause).toBe(first);
});

test('a refused write says why the engine is read-only', () => {
  const health = new Health(() => undefined);
  const cause = health.fail(corrupt('l1/000007.sst', 64, 'a bad block'));
  expect(() => health.checkWritable()).toThrowError(
    expect.objectContaining({ code: 'ENGINE_READ_ONLY', outcome: 'none', cause }) as Error,
  );
  expect(() => health.checkWritable()).toThrowError(/l1\/000007\.sst at byte 64: a bad block/);
});

/** Runs the workload on a disk that fails call `failAt` once, and then looks at what is left. */
async function failOnce(failAt: number) {
  const base = makeTestEnvironment();
  const calls: VfsCall[] = [];
  let armed = true;
  const vfs = faultyVfs(base.environment.vfs, (call) => {
    calls.push(call);
    if (!armed || call.index !== failAt) return;
    armed = false;
    throw call.kind === 'append' ? new TornWrite(inputOutputError()) : inputOutputError();
  });
  const environment: Environment = { ...base.environment, vfs };
  const engine = await Engine.open(environment, SMALL).catch((error: unknown) => error);
  return { engine, calls, environment, sound: base.environment };
}

test('whatever call fails once, reads stay right, writes are refused with the reason, and reopening heals', async () => {
  const { calls, engine: healthy } = await failOnce(Infinity);
  expect(healthy).toBeInstanceOf(Engine);
  await runActions(healthy as Engine);
  await (healthy as Engine).settled();
  let failures = 0;
  for (let failAt = 0; failAt < calls.length; failAt++) {
    const place = `${calls[failAt]?.label} (call ${failAt})`;
    const { engine, sound } = await failOnce(failAt);
    if (!(engine instanceof Engine)) {
      expect(engine, place).toMatchObject({ code: 'ENGINE_IO' });
      continue;
    }
    const { allowed, error } = await runActions(engine);
    const unsettled = await engine.settled().catch((reason: unknown) => reason);
    if (unsettled !== undefined) expect(unsettled, place).toMatchObject({ code: 'ENGINE_READ_ONLY' });
    // Before reopening a write whose outcome is unknown is not visible: it never reached a memtable.
    expect(await dump(engine), place).toEqual(allowed[0]);
    const refused = await engine.put(bytesOf('more'), bytesOf('1')).catch((reason: unknown) => reason);
    if (error !== undefined || refused !== undefined) {
      failures++;
      expect(refused, place).toMatchObject({ code: 'ENGINE_READ_ONLY', outcome: 'none' });
      expect((refused as EngineError).message, place).toMatch(/EIO/);
    }
    await engine.close().catch((reason: unknown) => expect(reason).toBeInstanceOf(EngineError));
    const after = await withEngine(sound, dump);
    const more = refused === undefined ? [['more', '1'] as const] : [];
    expect(
      allowed.map((content) => [...content, ...more].sort(([left], [right]) => (left < right ? -1 : 1))),
      place,
    ).toContainEqual(after);
  }
  expect(failures).toBeGreaterThan(50);
});

test('a write that shares its group with a rotation that fails is not said to have no effect', async () => {
  // Once, the rotation's ENGINE_READ_ONLY with outcome 'none' went to the writes of its group, which were applied.
  const base = makeTestEnvironment();
  let holdFlush = true;
  const released: (() => void)[] = [];
  const vfs = faultyVfs(
    {
      ...base.environment.vfs,
      syncDirectory: async (path, label) => {
        if (label === 'flush/dir.fsync' && holdFlush) {
          await new Promise<void>((resolve) => released.push(resolve));
          throw inputOutputError();
        }
        await base.environment.vfs.syncDirectory(path, label);
      },
    },
    () => undefined,
  );
  const engine = await Engine.open({ ...base.environment, vfs }, { memtablesStall: 1 });
  await engine.put(bytesOf('a'), bytesOf('1'));
  const firstFlush = engine.flush().catch((error: unknown) => error);
  for (let turn = 0; turn < 50 && released.length === 0; turn++) await Promise.resolve();
  expect(released).toHaveLength(1);
  // A sync keeps the queue busy, so that the next two make one group.
  const synced = engine.put(bytesOf('b'), bytesOf('2'), { sync: true });
  const write = engine.put(bytesOf('c'), bytesOf('3')).catch((error: unknown) => error);
  const secondFlush = engine.flush().catch((error: unknown) => error);
  await synced;
  holdFlush = false;
  for (const release of released) release();
  expect(await firstFlush).toMatchObject({ code: 'ENGINE_READ_ONLY' });
  await secondFlush;
  const answer = await write;
  if (answer !== undefined) expect(answer).toMatchObject({ outcome: 'unknown' });
  expect(await engine.get(bytesOf('c'))).toEqual(bytesOf('3'));
  await engine.close();
});

test('a rotation that starts after the flush has failed does not wait for a flush that never comes', async () => {
  // Once, a writer that was inside a sync when the flush failed went on to wait for it, and close() with it.
  const base = makeTestEnvironment();
  const held: (() => void)[] = [];
  let failFlush = false;
  const vfs = {
    ...base.environment.vfs,
    create: (path: string, label: Parameters<typeof base.environment.vfs.create>[1]) => {
      const file = base.environment.vfs.create(path, label);
      const sync = file.sync.bind(file);
      file.sync = async (syncLabel) => {
        if (failFlush && syncLabel === 'wal/fsync') await new Promise<void>((resolve) => held.push(resolve));
        if (syncLabel === 'flush/sst.fsync') {
          await new Promise<void>((resolve) => held.push(resolve));
          throw inputOutputError();
        }
        await sync(syncLabel);
      };
      return file;
    },
  };
  const turns = async (done: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 100 && !done(); turn++) await Promise.resolve();
  };
  const engine = await Engine.open({ ...base.environment, vfs }, { memtablesStall: 1 });
  await engine.put(bytesOf('a'), bytesOf('1'));
  const firstFlush = engine.flush().catch((error: unknown) => error);
  await turns(() => held.length === 1);
  failFlush = true;
  const synced = engine.put(bytesOf('x'), bytesOf('1'), { sync: true });
  await turns(() => held.length === 2);
  const write = engine.put(bytesOf('b'), bytesOf('2'), { sync: true }).catch((error: unknown) => error);
  const secondFlush = engine.flush().catch((error: unknown) => error);
  held[1]?.();
  await synced;
  await turns(() => held.length === 3);
  held[0]?.();
  await firstFlush;
  held[2]?.();
  expect(await secondFlush).toBeInstanceOf(EngineError);
  await write;
  await engine.close();
});
