import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { bytesOf, dump, SMALL, withEngine } from './engine-test-workload.js';
import { type AnyEngine, CALLS, Liar } from './arguments-test-calls.js';
import type { Engine } from './engine.js';
import { makeTestEnvironment } from './table/table-test-vfs.js';

/**
 * Every argument of every call, wrong in every way that a caller without types can think of: it is refused with the
 * code, nothing reaches the disk, and the content is what it was. What is unusual but right is taken as it is.
 */

test.each(CALLS)('%s: what is wrong is refused and nothing is written', async (_name, wrongs, call) => {
  const { environment, calls } = makeTestEnvironment();
  await withEngine(environment, async (engine) => {
    await engine.put(bytesOf('a'), bytesOf('1'));
    const before = { calls: calls.length, stats: engine.stats() };
    for (const [index, wrong] of wrongs.entries()) {
      const place = `value ${index} of ${wrongs.length}`;
      const refused = await (async () => call(engine as unknown as AnyEngine, wrong))().catch(
        (error: unknown) => error,
      );
      expect(refused, place).toMatchObject({
        name: 'EngineError',
        code: 'ENGINE_INVALID_ARGUMENT',
        outcome: 'none',
      });
      expect(calls.length, place).toBe(before.calls);
    }
    expect(engine.stats()).toEqual(before.stats);
    expect(await dump(engine)).toEqual([['a', '1']]);
    await engine.put(bytesOf('b'), bytesOf('2'));
  });
});

async function stored(use: (engine: Engine) => Promise<void>): Promise<[string, string][]> {
  const { environment } = makeTestEnvironment();
  await withEngine(environment, use);
  return [...(await withEngine(environment, dump))] as [string, string][];
}

test('bytes of any kind and any memory are taken as the bytes that they are', async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(5), 1, 3);
  shared.set([97, 98, 99]);
  const foreign = runInNewContext('Uint8Array.of(97, 98, 99)') as Uint8Array;
  const kinds = [
    Buffer.from('abc'),
    Buffer.from('xabcx').subarray(1, 4),
    shared,
    foreign,
    Object.assign(Liar.claiming(3, 0), [97, 98, 99]),
  ];
  for (const [index, kind] of kinds.entries()) {
    const found = await stored(async (engine) => {
      await engine.write([
        { kind: 'put', key: kind, value: kind },
        { kind: 'delete', key: kind },
        { kind: 'put', key: bytesOf('other'), value: kind },
      ]);
      await engine.put(kind, kind);
      expect((await engine.getMany([kind, bytesOf('other')])).map((value) => value?.join())).toEqual([
        '97,98,99',
        '97,98,99',
      ]);
      expect(await engine.scan({ gte: kind, lte: kind }).nextMany(9)).toHaveLength(1);
    });
    expect(found, `kind ${index}`).toEqual([
      ['abc', 'abc'],
      ['other', 'abc'],
    ]);
  }
});

test('what was handed in may be changed afterwards, bounds of a scan and of a compaction included', async () => {
  const { environment } = makeTestEnvironment();
  await withEngine(environment, async (engine) => {
    for (const key of ['a', 'b', 'c', 'd']) await engine.put(bytesOf(key), bytesOf('1'));
    const [gte, lt] = [bytesOf('b'), bytesOf('d')];
    const scan = engine.scan({ gte, lt });
    gte[0] = 0;
    lt[0] = 0;
    expect((await scan.nextMany(9)).map(([key]) => key[0])).toEqual([98, 99]);
  });
});

test("what a read gives is the caller's: to change it changes nothing", async () => {
  const { environment } = makeTestEnvironment();
  await withEngine(environment, async (engine) => {
    for (const flushed of [false, true]) {
      await engine.put(bytesOf('a'), bytesOf('1'));
      if (flushed) await engine.flush();
      (await engine.get(bytesOf('a')))?.fill(0);
      (await engine.getMany([bytesOf('a')]))[0]?.fill(0);
      for (const pair of await engine.scan().nextMany(9)) for (const bytes of pair) bytes.fill(0);
      for (const pair of await engine.scan({ reverse: true }).nextMany(9))
        for (const bytes of pair) bytes.fill(0);
      expect(await dump(engine)).toEqual([['a', '1']]);
    }
  });
});

test('an array or an object that changes while it is looked at is taken as it was at one moment', async () => {
  let reads = 0;
  const write = {
    kind: 'put',
    get key() {
      return reads++ === 0 ? bytesOf('a') : new Uint8Array(0);
    },
    value: bytesOf('1'),
  } as const;
  expect(await stored((engine) => engine.write([write]))).toEqual([['a', '1']]);
  expect(reads).toBe(1);
});

test('a batch beyond its bound is refused before it is copied', async () => {
  const value = new Uint8Array(64 * 1024 * 1024);
  const batch = Array.from({ length: 17 }, (_, index) => ({
    kind: 'put' as const,
    key: bytesOf(`k${index}`),
    value,
  }));
  const { environment } = makeTestEnvironment();
  await withEngine(
    environment,
    async (engine) => {
      await expect(engine.write(batch)).rejects.toMatchObject({ code: 'ENGINE_INVALID_ARGUMENT' });
      expect(await dump(engine)).toEqual([]);
    },
    SMALL,
  );
});

test('a snapshot cannot be made to see another moment, and one that was released or is of another database is refused', async () => {
  const { environment } = makeTestEnvironment();
  await withEngine(environment, async (engine) => {
    await engine.put(bytesOf('a'), bytesOf('1'));
    const snapshot = engine.snapshot();
    expect(() => Object.assign(snapshot, { sequence: 0 })).toThrow(TypeError);
    expect(await engine.get(bytesOf('a'), { snapshot })).toEqual(bytesOf('1'));
    snapshot.release();
    snapshot.release();
    const refusal = { code: 'ENGINE_INVALID_ARGUMENT' };
    await expect(engine.get(bytesOf('a'), { snapshot })).rejects.toMatchObject(refusal);
    await withEngine(makeTestEnvironment().environment, async (other) => {
      await expect(other.get(bytesOf('a'), { snapshot: engine.snapshot() })).rejects.toMatchObject(refusal);
    });
  });
});
