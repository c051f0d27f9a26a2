import { expect, test } from 'vitest';
import { bytesOf, dump, SMALL, withEngine } from './engine-test-workload.js';
import { Engine } from './engine.js';
import { makeTestEnvironment } from './table/table-test-vfs.js';

/** A world whose timers fire when the test says so. */
function worldWithTimers() {
  const base = makeTestEnvironment();
  const timers = new Set<() => void>();
  const clock = {
    nowMs: () => 0,
    after(_delayMs: number, run: () => void) {
      timers.add(run);
      return () => void timers.delete(run);
    },
  };
  const fire = (): void => {
    for (const run of [...timers]) {
      timers.delete(run);
      run();
    }
  };
  return { ...base, environment: { ...base.environment, clock }, timers, fire };
}

const syncs = (calls: readonly string[]): number =>
  calls.filter((call) => call.startsWith('wal/fsync')).length;

test("durability 'always' syncs before it answers, 'os' does not, and a write can ask for either", async () => {
  for (const [durability, sync, expected] of [
    ['always', undefined, 1],
    ['always', false, 0],
    ['os', undefined, 0],
    ['os', true, 1],
    ['interval', undefined, 0],
  ] as const) {
    const { environment, calls } = worldWithTimers();
    await withEngine(
      environment,
      async (engine) => {
        const before = syncs(calls);
        await engine.put(bytesOf('a'), bytesOf('1'), sync === undefined ? {} : { sync });
        expect(syncs(calls) - before, `${durability}, sync: ${sync}`).toBe(expected);
      },
      { durability },
    );
  }
});

test("durability 'interval' syncs once for all writes of an interval", async () => {
  const { environment, calls, timers, fire } = worldWithTimers();
  const engine = await Engine.open(environment, { durability: 'interval' });
  const before = syncs(calls);
  for (let index = 0; index < 10; index++) await engine.put(bytesOf(`k${index}`), bytesOf('v'));
  expect(timers.size).toBe(1);
  fire();
  await engine.sync();
  expect(syncs(calls) - before).toBe(1);
  expect(timers.size).toBe(0);
  await engine.close();
});

test('a closed database does nothing any more, even if a write was answered while it closed', async () => {
  // Once, the answer of that write armed the interval's timer, which rotated the WAL of a closed database.
  const { environment, calls, timers, fire } = worldWithTimers();
  const engine = await Engine.open(environment, { ...SMALL, durability: 'interval' });
  const batch = ['a', 'b', 'c', 'd'].map((key) => ({
    kind: 'put' as const,
    key: bytesOf(key),
    value: bytesOf('1'),
  }));
  const write = engine.write(batch);
  const closed = engine.close();
  await write;
  await closed;
  const before = calls.length;
  expect(timers.size).toBe(0);
  fire();
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  expect(calls.slice(before)).toEqual([]);
});

test('a group of writes is one append, and each write has its own record', async () => {
  const { environment, calls } = worldWithTimers();
  await withEngine(
    environment,
    async (engine) => {
      await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          engine.put(bytesOf(`k${index}`), bytesOf('v'), { sync: true }),
        ),
      );
      expect(syncs(calls)).toBeLessThan(10);
      expect(await dump(engine)).toHaveLength(50);
    },
    {},
  );
  expect(await withEngine(environment, dump)).toHaveLength(50);
});

test('flush and compact that are overtaken by close do not claim to have happened', async () => {
  const { environment } = worldWithTimers();
  const engine = await Engine.open(environment, SMALL);
  await engine.put(bytesOf('a'), bytesOf('1'));
  const compact = engine.compact().then(
    () => engine.stats().levels[1]?.tables,
    (error: unknown) => error,
  );
  await engine.close();
  const answer = await compact;
  if (answer !== 1) expect(answer).toMatchObject({ code: 'ENGINE_CLOSED' });
});

test('the caller may change its bytes as soon as the call has returned', async () => {
  const { environment } = worldWithTimers();
  await withEngine(environment, async (engine) => {
    const [key, value] = [bytesOf('key'), bytesOf('value')];
    const write = engine.put(key, value, { sync: true });
    key.fill(0);
    value.fill(0);
    await write;
    expect(await dump(engine)).toEqual([['key', 'value']]);
  });
});

test('arguments out of range are refused and change nothing', async () => {
  const { environment, calls } = worldWithTimers();
  await withEngine(environment, async (engine) => {
    const before = calls.length;
    for (const key of [new Uint8Array(0), new Uint8Array(65_536), 'text' as unknown as Uint8Array]) {
      await expect(engine.put(key, bytesOf('1'))).rejects.toMatchObject({ code: 'ENGINE_INVALID_ARGUMENT' });
      await expect(engine.get(key)).rejects.toMatchObject({ code: 'ENGINE_INVALID_ARGUMENT' });
    }
    const batch = [
      { kind: 'put' as const, key: bytesOf('good'), value: bytesOf('1') },
      { kind: 'put' as const, key: bytesOf('bad'), value: undefined as unknown as Uint8Array },
    ];
    await expect(engine.write(batch)).rejects.toMatchObject({
      code: 'ENGINE_INVALID_ARGUMENT',
      outcome: 'none',
    });
    expect(calls.length).toBe(before);
    await engine.put(new Uint8Array(65_535).fill(1), new Uint8Array(0));
    expect(await engine.get(new Uint8Array(65_535).fill(1))).toEqual(new Uint8Array(0));
  });
});
