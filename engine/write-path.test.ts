import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { bytesOf, dump, SMALL, withEngine } from './engine-test-workload.js';
import { turns, worldThatHolds } from './engine-test-worlds.js';
import { Engine } from './engine.js';
import { nodeEnvironment } from './node-environment.js';
import type { EngineOptions } from './options.js';
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

/** Puts until one of them is not answered within some turns; gives how many were, and that one. */
async function putUntilItWaits(
  engine: Engine,
): Promise<{ readonly answered: number; readonly last: Promise<void> }> {
  for (let answered = 0; ; answered++) {
    let isAnswered = false;
    const last = engine.put(bytesOf(`k${answered}`), bytesOf('v')).then(() => void (isAnswered = true));
    await turns();
    if (!isAnswered) return { answered, last };
    expect(answered).toBeLessThan(1_000);
  }
}

test('writers wait while too many memtables wait for their flush, which is counted, and go on after it', async () => {
  const { environment, letGo } = worldThatHolds('flush/sst.fsync');
  const engine = await Engine.open(environment, { ...SMALL, memtablesStall: 2 });
  const { answered, last } = await putUntilItWaits(engine);
  // Two full memtables that wait, and a third that is full.
  expect(answered).toBe(3 * (SMALL.memtableEntriesMax ?? 0));
  expect(engine.stats()).toMatchObject({ stalls: 1, memtablesWaiting: 2 });
  letGo();
  await last;
  await engine.settled();
  expect(await dump(engine)).toHaveLength(answered + 1);
  await engine.close();
});

test('writers wait while L0 has too many tables, which is counted, and go on after a compaction', async () => {
  const { environment, letGo } = worldThatHolds('compaction/sst.fsync');
  const engine = await Engine.open(environment, { ...SMALL, memtablesStall: 100 });
  const { answered, last } = await putUntilItWaits(engine);
  expect(engine.stats().stalls).toBe(1);
  expect(engine.stats().levels[0]?.tables).toBeGreaterThanOrEqual(SMALL.l0TablesStall ?? NaN);
  letGo();
  await last;
  await engine.settled();
  expect(await dump(engine)).toHaveLength(answered + 1);
  await engine.close();
});

test('writers let others run before each group while L0 has many tables, and not otherwise', async () => {
  const options = { l0TablesSlowdown: 2, l0TablesMax: 10 };
  const { environment, pauses } = makeTestEnvironment();
  await withEngine(
    environment,
    async (engine) => {
      const pausesOfTenPuts = async (): Promise<number> => {
        await engine.settled();
        const before = pauses();
        for (let index = 0; index < 10; index++) await engine.put(bytesOf(`k${index}`), bytesOf('v'));
        return pauses() - before;
      };
      expect(await pausesOfTenPuts()).toBe(0);
      for (let tables = 0; tables < 2; tables++) {
        await engine.put(bytesOf('k'), bytesOf('v'));
        await engine.flush();
      }
      expect(engine.stats().levels[0]?.tables).toBe(2);
      expect(await pausesOfTenPuts()).toBe(10);
    },
    options,
  );
});

test('a writer that loops without end leaves time to timers', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ninelives-writer-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const loops: readonly (readonly [string, Partial<EngineOptions>, (engine: Engine) => Promise<void>])[] = [
    ['put', {}, (engine) => engine.put(bytesOf('key'), bytesOf('value'))],
    ['put, interval', { durability: 'interval' }, (engine) => engine.put(bytesOf('key'), bytesOf('value'))],
    ['put, synced', {}, (engine) => engine.put(bytesOf('key'), bytesOf('value'), { sync: true })],
    ['delete', {}, (engine) => engine.delete(bytesOf('k'))],
    ['write', {}, (engine) => engine.write([{ kind: 'delete', key: bytesOf('k') }])],
  ];
  for (const [name, options, write] of loops) {
    const environment = nodeEnvironment(join(directory, name));
    await withEngine(
      environment,
      async (engine) => {
        let fired = 0;
        const again = (): void => void environment.clock.after(1, () => void (++fired < 2 && again()));
        again();
        // Were timers starved this would be a loop without end, and the test would run into its limit.
        while (fired < 2) await write(engine);
      },
      // A memtable that is never full: no rotation waits for anything.
      { memtableEntriesMax: 10_000_000, memtableBytesMax: 2 ** 31, ...options },
    );
  }
});

test('the figures of writing add up: bytes written, bytes of their records, bytes that compactions wrote', async () => {
  const { environment } = makeTestEnvironment();
  const engine = await Engine.open(environment, SMALL);
  for (let index = 0; index < 40; index++) await engine.put(bytesOf(`k${index % 10}`), bytesOf('value'));
  await engine.compact();
  await engine.settled();
  const { writtenBytes, walBytes, compactedBytes, compactions, levels } = engine.stats();
  expect(writtenBytes).toBe(40 * ('k0'.length + 'value'.length));
  expect(walBytes).toBeGreaterThan(writtenBytes);
  expect(compactions).toBeGreaterThan(0);
  expect(compactedBytes).toBeGreaterThanOrEqual(levels.slice(1).reduce((sum, { bytes }) => sum + bytes, 0));
  await engine.close();
});

test('while L0 has many tables each group of writes lets background work go first, and is counted; before, none does', async () => {
  const { environment, pauses } = makeTestEnvironment();
  const engine = await Engine.open(environment, { ...SMALL, l0TablesSlowdown: 2 });
  await engine.put(bytesOf('a'), bytesOf('1'));
  await engine.flush();
  await engine.put(bytesOf('b'), bytesOf('2'));
  expect(engine.stats().slowdowns).toBe(0);
  await engine.flush();
  await engine.settled();
  const before = pauses();
  await engine.put(bytesOf('c'), bytesOf('3'));
  await engine.put(bytesOf('d'), bytesOf('4'));
  expect(engine.stats()).toMatchObject({ slowdowns: 2 });
  expect(pauses()).toBe(before + 2);
  expect(await dump(engine)).toHaveLength(4);
  await engine.close();
});
