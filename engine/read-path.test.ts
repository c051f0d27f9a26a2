import { expect, test } from 'vitest';
import { bytesOf, dump, SMALL, textOf } from './engine-test-workload.js';
import { Engine } from './engine.js';
import { makeTestEnvironment } from './table/table-test-vfs.js';
import { faultyVfs, inputOutputError } from './vfs/faulty-test-vfs.js';

async function filled(options = SMALL) {
  const engine = await Engine.open(makeTestEnvironment().environment, options);
  for (let index = 10; index < 22; index++) await engine.put(bytesOf(`k${index}`), bytesOf('old'));
  return engine;
}

test('a scan is as of the call that made it, not of its first step', async () => {
  const engine = await filled();
  const scan = engine.scan();
  await engine.put(bytesOf('k10'), bytesOf('new'));
  await engine.put(bytesOf('k99'), bytesOf('new'));
  await engine.compact();
  const pairs: string[] = [];
  for await (const [key, value] of scan) pairs.push(`${textOf(key)}=${textOf(value)}`);
  expect(pairs).toHaveLength(12);
  expect(pairs[0]).toBe('k10=old');
  await engine.close();
});

test('a scan that is given up, before its first step or later, frees its tables', async () => {
  const engine = await filled();
  const unstarted = engine.scan();
  const started = engine.scan();
  await started.next();
  await engine.compact();
  await engine.settled();
  expect(engine.files().obsolete).not.toEqual([]);
  await unstarted.return();
  await started.return();
  await engine.settled();
  expect(engine.files().obsolete).toEqual([]);
  await engine.close();
});

test('closing the database ends an open scan with ENGINE_CLOSED', async () => {
  const engine = await filled();
  await engine.flush();
  const scan = engine.scan();
  await scan.next();
  await engine.close();
  await expect(scan.next()).rejects.toMatchObject({ code: 'ENGINE_CLOSED' });
  await expect(scan.next()).resolves.toMatchObject({ done: true });
});

test('a read that fails says ENGINE_IO, and neither later reads nor writes suffer', async () => {
  const base = makeTestEnvironment();
  let failing = false;
  const vfs = faultyVfs(base.environment.vfs, ({ label }) => {
    if (failing && (label === 'get/sst.read' || label === 'scan/sst.read')) throw inputOutputError();
  });
  const engine = await Engine.open({ ...base.environment, vfs }, { ...SMALL, blockCacheBytes: 0 });
  await engine.put(bytesOf('a'), bytesOf('1'));
  await engine.flush();
  failing = true;
  await expect(engine.get(bytesOf('a'))).rejects.toMatchObject({ code: 'ENGINE_IO', outcome: 'none' });
  await expect(dump(engine)).rejects.toMatchObject({ code: 'ENGINE_IO' });
  await engine.put(bytesOf('b'), bytesOf('2'));
  failing = false;
  expect(await dump(engine)).toEqual([
    ['a', '1'],
    ['b', '2'],
  ]);
  await engine.close();
});

test('what is read belongs to the caller: changing it changes nothing in the database', async () => {
  const engine = await filled();
  (await engine.get(bytesOf('k10')))?.fill(0);
  for await (const [key, value] of engine.scan()) {
    key.fill(0);
    value.fill(0);
  }
  expect(await engine.get(bytesOf('k10'))).toEqual(bytesOf('old'));
  expect((await dump(engine)).every(([key, value]) => key.startsWith('k') && value === 'old')).toBe(true);
  await engine.close();
});

test('limit and bounds: the first is included, the last is not, and none are needed', async () => {
  const engine = await filled();
  const keys = async (options: Parameters<Engine['scan']>[0]): Promise<string[]> => {
    const found: string[] = [];
    for await (const [key] of engine.scan(options)) found.push(textOf(key));
    return found;
  };
  expect(await keys({ gte: bytesOf('k12'), lt: bytesOf('k14') })).toEqual(['k12', 'k13']);
  expect(await keys({ gte: bytesOf('k2'), limit: 1 })).toEqual(['k20']);
  expect(await keys({ limit: 0 })).toEqual([]);
  expect(await keys({ gte: bytesOf('k14'), lt: bytesOf('k12') })).toEqual([]);
  await engine.close();
});
