import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, dump, SMALL, withEngine } from './engine-test-workload.js';
import { turns, worldThatHolds } from './engine-test-worlds.js';
import { Engine } from './engine.js';
import { EngineError } from './errors.js';
import { parsePath } from './filenames.js';
import { makeTestEnvironment } from './table/table-test-vfs.js';
import { faultyVfs, inputOutputError, type VfsCall } from './vfs/faulty-test-vfs.js';

/** Calls that meet each other: who waits for whom, who is told of a failure, and that everybody gets an answer. */

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
