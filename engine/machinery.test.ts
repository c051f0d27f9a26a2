import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytesOf, dump, SMALL, withEngine } from './engine-test-workload.js';
import { Engine } from './engine.js';
import { EngineError } from './errors.js';
import type { Environment } from './environment.js';
import { parsePath } from './filenames.js';
import { nodeEnvironment } from './node-environment.js';
import type { EngineOptions } from './options.js';
import { makeTestEnvironment } from './table/table-test-vfs.js';
import { faultyVfs, inputOutputError, type VfsCall } from './vfs/faulty-test-vfs.js';

/** Calls that meet each other: who waits for whom, who is told of a failure, and that everybody gets an answer. */

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ninelives-machinery-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A world in memory where a sync with `held` as its label waits until the test lets it go. */
function worldThatHolds(held: string) {
  const base = makeTestEnvironment();
  const waiting: (() => void)[] = [];
  let holds = true;
  const wait = async (label: string): Promise<void> => {
    if (holds && label === held) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const vfs: Environment['vfs'] = {
    ...base.environment.vfs,
    create(path, label) {
      const file = base.environment.vfs.create(path, label);
      const sync = file.sync.bind(file);
      file.sync = async (syncLabel) => {
        await wait(syncLabel);
        await sync(syncLabel);
      };
      return file;
    },
  };
  const letGo = (): void => {
    holds = false;
    for (const resolve of waiting.splice(0)) resolve();
  };
  return { ...base, environment: { ...base.environment, vfs }, waiting, letGo };
}

async function turns(count = 200): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}

async function fill(engine: Engine, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index++) await engine.put(bytesOf(`k${index}`), bytesOf(`${index}`));
}

test('at every moment each file on disk is live, pending or obsolete', async () => {
  for (const compaction of ['leveled', 'tiered'] as const) {
    const { environment, files } = makeTestEnvironment();
    const engine = await Engine.open(environment, { ...SMALL, compaction });
    let done = false;
    const strays = new Set<string>();
    const watching = (async () => {
      while (!done) {
        const { live, pending, obsolete } = engine.files();
        const known = new Set([...live, ...pending, ...obsolete]);
        for (const path of files.keys())
          if (parsePath(path) !== undefined && !known.has(path)) strays.add(path);
        await Promise.resolve();
      }
    })();
    await fill(engine, 0, 60);
    await engine.compact();
    await fill(engine, 60, 90);
    await engine.flush();
    await engine.settled();
    done = true;
    await watching;
    expect([...strays]).toEqual([]);
    expect([...files.keys(), 'LOCK'].sort()).toEqual(engine.files().live);
    await engine.close();
  }
});

type Call =
  | { kind: 'put' | 'delete'; key: string; sync: boolean }
  | { kind: 'compact'; gte?: string; lt?: string }
  | { kind: 'flush' | 'sync' | 'settled' | 'close' }
  | { kind: 'turns'; count: number };

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const calls = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constantFrom('put' as const, 'delete' as const),
        key,
        sync: fc.boolean(),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record(
        { kind: fc.constant('compact' as const), gte: key, lt: key },
        { requiredKeys: ['kind'] },
      ),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom('flush' as const, 'sync' as const, 'settled' as const) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('turns' as const), count: fc.nat({ max: 100 }) }) },
  ),
  { maxLength: 40 },
);

function start(engine: Engine, call: Exclude<Call, { kind: 'turns' }>): Promise<unknown> {
  switch (call.kind) {
    case 'put':
      return engine.put(bytesOf(call.key), bytesOf('value'), { sync: call.sync });
    case 'delete':
      return engine.delete(bytesOf(call.key), { sync: call.sync });
    case 'compact':
      return engine.compact({
        ...(call.gte === undefined ? {} : { gte: bytesOf(call.gte) }),
        ...(call.lt === undefined ? {} : { lt: bytesOf(call.lt) }),
      });
    case 'flush':
    case 'sync':
    case 'settled':
    case 'close':
      return engine[call.kind]();
  }
}

test('whatever is called at once, whatever fails, and whenever it is closed: every call is answered', async () => {
  const codes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      calls,
      fc.option(fc.nat({ max: 300 }), { nil: Infinity }),
      fc.constantFrom('leveled' as const, 'tiered' as const),
      fc.boolean(),
      async (script, failAt, compaction, closesAtOnce) => {
        const base = makeTestEnvironment();
        let opened = false;
        let count = 0;
        const vfs = faultyVfs(base.environment.vfs, () => {
          if (opened && count++ === failAt) throw inputOutputError();
        });
        const options = { ...SMALL, compaction, memtablesStall: 1, compactionRunsMax: 2 };
        const engine = await Engine.open({ ...base.environment, vfs }, options);
        opened = true;
        const answers: Promise<unknown>[] = [];
        for (const call of script) {
          if (call.kind === 'turns') await turns(call.count);
          else answers.push(start(engine, call).catch((error: unknown) => error));
        }
        if (closesAtOnce) answers.push(engine.close().catch((error: unknown) => error));
        for (const answer of await Promise.all(answers)) {
          if (answer === undefined) continue;
          expect(answer).toBeInstanceOf(EngineError);
          const { code } = answer as EngineError;
          codes.add(code);
          if (failAt === Infinity) expect(code).toBe('ENGINE_CLOSED');
          else expect(['ENGINE_CLOSED', 'ENGINE_READ_ONLY', 'ENGINE_IO']).toContain(code);
        }
        if (!closesAtOnce)
          await engine.close().catch((error: unknown) => expect(error).toBeInstanceOf(EngineError));
      },
    ),
    { numRuns: 300 },
  );
  expect([...codes].sort()).toEqual(['ENGINE_CLOSED', 'ENGINE_IO', 'ENGINE_READ_ONLY']);
});

test('compact() is answered when its range is compacted, also an empty database, also twice at once', async () => {
  const { environment } = makeTestEnvironment();
  await withEngine(environment, async (engine) => {
    await engine.compact();
    await fill(engine, 0, 20);
    await Promise.all([engine.compact(), engine.compact({ gte: bytesOf('k1') }), fill(engine, 20, 23)]);
    await engine.compact();
    const { levels } = engine.stats();
    expect(levels.filter(({ tables }) => tables > 0)).toHaveLength(1);
    expect(await dump(engine)).toHaveLength(23);
  });
});

test('compact() that meets a failure is refused with it', async () => {
  for (const label of [
    'compaction/sst.read',
    'compaction/sst.fsync',
    'compaction/dir.fsync',
    'manifest/rename',
  ]) {
    const base = makeTestEnvironment();
    let armed = false;
    const vfs = faultyVfs(base.environment.vfs, (call: VfsCall) => {
      if (armed && call.label === label) throw inputOutputError();
    });
    const engine = await Engine.open({ ...base.environment, vfs }, { ...SMALL, memtableEntriesMax: 100 });
    await fill(engine, 0, 2);
    await engine.flush();
    armed = true;
    await expect(engine.compact(), label).rejects.toMatchObject({
      code: 'ENGINE_READ_ONLY',
      cause: { code: 'ENGINE_IO', cause: { code: 'EIO' } },
    });
    // And again: it does not wait for a compactor that has stopped.
    await expect(engine.compact(), label).rejects.toMatchObject({ code: 'ENGINE_READ_ONLY' });
    await engine.close();
  }
});

test('compact() that closing overtakes is refused', async () => {
  const { environment, waiting, letGo } = worldThatHolds('compaction/sst.fsync');
  const engine = await Engine.open(environment, SMALL);
  await fill(engine, 0, 3);
  const compacted = engine.compact().catch((error: unknown) => error);
  while (waiting.length === 0) await Promise.resolve();
  const second = engine.compact().catch((error: unknown) => error);
  await turns();
  const closed = engine.close();
  await turns();
  letGo();
  expect(await compacted).toMatchObject({ code: 'ENGINE_CLOSED' });
  expect(await second).toMatchObject({ code: 'ENGINE_CLOSED' });
  await closed;
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
        await fill(engine, 0, 10);
        return pauses() - before;
      };
      expect(await pausesOfTenPuts()).toBe(0);
      for (let tables = 0; tables < 2; tables++) {
        await fill(engine, 0, 1);
        await engine.flush();
      }
      expect(engine.stats().levels[0]?.tables).toBe(2);
      expect(await pausesOfTenPuts()).toBe(10);
    },
    options,
  );
});

test('a writer that loops without end leaves time to timers', async () => {
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
        const again = (): void => void environment.clock.after(1, () => void (++fired < 3 && again()));
        again();
        // Were timers starved this would be a loop without end, and the test would run into its limit.
        while (fired < 3) await write(engine);
      },
      // A memtable that is never full: no rotation waits for anything.
      { memtableEntriesMax: 10_000_000, memtableBytesMax: 2 ** 31, ...options },
    );
  }
});
