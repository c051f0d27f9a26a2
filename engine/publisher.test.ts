import { expect, test } from 'vitest';
import { bytesOf, SMALL } from './engine-test-workload.js';
import { Engine } from './engine.js';
import { makeTestEnvironment } from './table/table-test-vfs.js';
import { faultyVfs, inputOutputError, type VfsCall } from './vfs/faulty-test-vfs.js';

/** Two parts of the engine publish in turn; here one of them has failed while the other is on its way. */

/** An engine on a disk whose syncs wait at `held` labels until they are let through, or made to fail. */
async function start() {
  const base = makeTestEnvironment();
  const calls: VfsCall['label'][] = [];
  const held = new Set<VfsCall['label']>();
  const waiting = new Map<VfsCall['label'], (error?: Error) => void>();
  const below = faultyVfs(base.environment.vfs, ({ label }) => void calls.push(label));
  const vfs = {
    ...below,
    syncDirectory: async (...[path, label]: Parameters<typeof below.syncDirectory>) => {
      if (held.has(label)) {
        const error = await new Promise<Error | undefined>((resolve) => waiting.set(label, resolve));
        waiting.delete(label);
        if (error !== undefined) throw error;
      }
      await below.syncDirectory(path, label);
    },
  };
  const engine = await Engine.open({ ...base.environment, vfs }, { ...SMALL, l0TablesMax: 2 });
  /** Lets everything run until a sync waits at `label`. */
  const reach = async (label: VfsCall['label']): Promise<void> => {
    for (let turn = 0; turn < 1_000 && !waiting.has(label); turn++) await Promise.resolve();
    expect([...waiting.keys()]).toContain(label);
  };
  const release = (label: VfsCall['label'], error?: Error): void => {
    held.delete(label);
    waiting.get(label)?.(error);
  };
  return { engine, calls, hold: (label: VfsCall['label']) => void held.add(label), reach, release };
}

const flushOne = async (engine: Engine, key: string): Promise<unknown> => {
  await engine.put(bytesOf(key), bytesOf('1'));
  return await engine.flush().catch((error: unknown) => error);
};

test.each(['the compaction comes after it', 'the compaction waits behind it'])(
  'nothing is published after a directory sync that failed: %s',
  async (order) => {
    const { engine, calls, hold, reach, release } = await start();
    hold('compaction/dir.fsync');
    expect(await flushOne(engine, 'a')).toBeUndefined();
    expect(await flushOne(engine, 'b')).toBeUndefined();
    // The directory of the new level is made durable in the root first, then the tables in it.
    await reach('compaction/dir.fsync');
    release('compaction/dir.fsync');
    hold('compaction/dir.fsync');
    await reach('compaction/dir.fsync');
    hold('manifest/dir.fsync');
    const flush = flushOne(engine, 'c');
    await reach('manifest/dir.fsync');
    const compactFirst = order === 'the compaction waits behind it';
    if (compactFirst) release('compaction/dir.fsync');
    for (let turn = 0; turn < 100; turn++) await Promise.resolve();
    const before = calls.length;
    release('manifest/dir.fsync', inputOutputError());
    expect(await flush).toMatchObject({ code: 'ENGINE_READ_ONLY', label: 'manifest/dir.fsync', file: '' });
    if (!compactFirst) release('compaction/dir.fsync');
    await expect(engine.settled()).rejects.toMatchObject({ code: 'ENGINE_READ_ONLY' });
    const afterwards = calls.slice(before).filter((label) => /^(manifest|gc)\//.test(label));
    expect(afterwards).toEqual([]);
    expect(engine.stats().compactions).toBe(0);
    await engine.close();
  },
);

test('a version whose directory sync was under way when another part failed is not relied on', async () => {
  const { engine, calls, hold, reach, release } = await start();
  expect(await flushOne(engine, 'a')).toBeUndefined();
  await engine.settled();
  const { live } = engine.files();
  hold('manifest/dir.fsync');
  const flush = flushOne(engine, 'b');
  await reach('manifest/dir.fsync');
  // The next WAL cannot be named in its directory.
  hold('prepare/dir.fsync');
  for (const key of ['c', 'd', 'e']) await engine.put(bytesOf(key), bytesOf('1'));
  await reach('prepare/dir.fsync');
  release('prepare/dir.fsync', inputOutputError());
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
  const before = calls.length;
  release('manifest/dir.fsync');
  expect(await flush).toMatchObject({ code: 'ENGINE_READ_ONLY', label: 'prepare/dir.fsync', file: 'wal' });
  expect(engine.files().live.filter((path) => path.startsWith('MANIFEST'))).toEqual(
    live.filter((path) => path.startsWith('MANIFEST')),
  );
  expect(calls.slice(before).filter((label) => label.startsWith('gc/'))).toEqual([]);
  expect(await engine.get(bytesOf('b'))).toEqual(bytesOf('1'));
  await engine.close();
});
