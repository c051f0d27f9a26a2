import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SMALL, STORAGE } from './engine-test-workload.js';
import { turns } from './engine-test-worlds.js';
import { type BatchWrite, Engine, type ReadOptions, type Snapshot } from './index.js';
import { NegativeCache } from './negative-cache.js';
import { makeTestEnvironment } from './table/table-test-vfs.js';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));
const key = fc.oneof(
  fc.array(fc.constantFrom(0, 97), { minLength: 1, maxLength: 3 }).map((bytes) => Uint8Array.from(bytes)),
  fc.uint8Array({ minLength: 1, maxLength: 200 }),
);
const step = fc.record({ kind: fc.constantFrom('remember' as const, 'forget' as const), key });

test('whatever is remembered and forgotten, it knows no key that was not remembered last', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 9 }),
      fc.array(step, { maxLength: 60 }),
      fc.array(key),
      (entries, steps, others) => {
        const cache = new NegativeCache(entries);
        const absent = new Map<string, boolean>();
        for (const { kind, key } of steps) {
          cache[kind](key);
          absent.set(Buffer.from(key).toString('hex'), kind === 'remember');
        }
        for (const asked of [...steps.map(({ key }) => key), ...others]) {
          if (cache.knows(asked)) expect(absent.get(Buffer.from(asked).toString('hex'))).toBe(true);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a key is known until it is forgotten, or another takes its slot', () => {
  const cache = new NegativeCache(1);
  cache.remember(bytesOf('cat'));
  expect(cache.knows(bytesOf('cat'))).toBe(true);
  cache.remember(bytesOf('dog'));
  expect([cache.knows(bytesOf('cat')), cache.knows(bytesOf('dog'))]).toEqual([false, true]);
  cache.forget(bytesOf('cow'));
  expect(cache.knows(bytesOf('dog'))).toBe(true);
  cache.forget(bytesOf('dog'));
  expect(cache.knows(bytesOf('dog'))).toBe(false);
});

test('of 2,000 keys in 4,096 slots most are known: the hash spreads them', () => {
  for (const name of [
    'user',
    'a-much-longer-prefix-that-all-of-the-keys-have-in-common-and-that-is-not-hashed-whole',
  ]) {
    const keys = Array.from({ length: 2_000 }, (_, index) => bytesOf(`${name}${index}`));
    const cache = new NegativeCache(4_096);
    for (const one of keys) cache.remember(one);
    // Thrown at random, 79 % would keep their slots.
    expect(keys.filter((one) => cache.knows(one)).length).toBeGreaterThan(1_500);
  }
});

test('keys of one hash are told apart', () => {
  // Of a long key only the ends are hashed.
  const [one, other] = [new Uint8Array(100).fill(7), new Uint8Array(100).fill(7)];
  other[50] = 8;
  const cache = new NegativeCache(4);
  cache.remember(one);
  expect([cache.knows(one), cache.knows(other)]).toEqual([true, false]);
  cache.forget(other);
  expect(cache.knows(other)).toBe(false);
});

test('what is remembered is a copy', () => {
  const cache = new NegativeCache(4);
  const buffer = Buffer.from('cat');
  cache.remember(buffer);
  buffer[0] = 98;
  expect([cache.knows(bytesOf('cat')), cache.knows(bytesOf('bat'))]).toEqual([true, false]);
});

test('very long keys are not remembered, and nothing is without slots', () => {
  const [cache, none] = [new NegativeCache(4), new NegativeCache(0)];
  cache.remember(new Uint8Array(1_025));
  none.remember(bytesOf('cat'));
  none.forget(bytesOf('cat'));
  expect([cache.knows(new Uint8Array(1_025)), none.knows(bytesOf('cat'))]).toEqual([false, false]);
});

const name = fc.constantFrom('a', 'b', 'c', 'd');
const writes = fc.array(fc.tuple(name, fc.option(fc.constantFrom('1', '2'), { nil: undefined })), {
  minLength: 1,
  maxLength: 3,
});
const calls = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), writes, sync: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('flush' as const, 'compact' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('snapshot' as const, 'await' as const) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('turns' as const), count: fc.nat({ max: 30 }) }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('get' as const), name }) },
  ),
  { maxLength: 60, size: 'max' },
);

/**
 * Writes are numbered in the order of their calls, and a read sees those up to the sequence number that is visible at
 * its call: so a list of all writes says what every read must give, however many of them are under way.
 */
test('in an engine, reads that meet writes, flushes and compactions see exactly what is visible; snapshots what they saw', async () => {
  let hits = 0;
  await fc.assert(
    fc.asyncProperty(
      calls,
      fc.constantFrom(...STORAGE, { negativeCacheEntries: 1 }),
      async (script, storage) => {
        const engine = await Engine.open(makeTestEnvironment().environment, { ...SMALL, ...storage });
        const written: [string, string | undefined][] = [];
        const snapshots: Snapshot[] = [];
        const answers: Promise<unknown>[] = [];
        const look = async (asked: string, sequence: number, snapshot?: Snapshot): Promise<void> => {
          const expected = written.slice(0, sequence).findLast(([key]) => key === asked)?.[1];
          const options = snapshot === undefined ? {} : { snapshot };
          const [one, [other]] = await Promise.all([
            engine.get(bytesOf(asked), options),
            engine.getMany([bytesOf(asked)], options),
          ]);
          for (const found of [one, other]) expect(found && Buffer.from(found).toString()).toBe(expected);
        };
        const write = async (list: typeof written, sync: boolean): Promise<void> => {
          written.push(...list);
          const last = written.length;
          await engine.write(list.map(batchWrite), { sync });
          const { visibleSequence } = engine.stats();
          expect(visibleSequence).toBeGreaterThanOrEqual(last);
          await Promise.all(list.map(([key]) => look(key, visibleSequence)));
        };
        for (const call of script) {
          if (call.kind === 'turns') await turns(call.count);
          else if (call.kind === 'await') await Promise.all(answers);
          else if (call.kind === 'snapshot') snapshots.push(engine.snapshot());
          else if (call.kind === 'write') answers.push(write(call.writes, call.sync));
          else if (call.kind === 'get') {
            answers.push(look(call.name, engine.stats().visibleSequence));
            for (const snapshot of snapshots) answers.push(look(call.name, snapshot.sequence, snapshot));
          } else answers.push(engine[call.kind]());
        }
        await Promise.all(answers);
        hits += engine.stats().negativeCacheHits;
        await engine.close();
      },
    ),
    { numRuns: 300 },
  );
  expect(hits).toBeGreaterThan(300);
});

test('an absent key costs a look into tables once; for a snapshot, each time', async () => {
  const engine = await Engine.open(makeTestEnvironment().environment, {
    bloomFalsePositiveRate: 0.5,
    blockCacheBytes: 0,
  });
  const value = bytesOf('v');
  const names = Array.from({ length: 1_000 }, (_, index) => bytesOf(`k${index + 1_000}`));
  await engine.write(names.map((key) => ({ kind: 'put', key, value })));
  await engine.flush();
  const absent = names.map((key) => Buffer.concat([key, value]));
  const reads = async (options: ReadOptions = {}): Promise<number> => {
    const before = engine.stats().cacheMisses;
    expect((await engine.getMany(absent, options)).filter((found) => found !== undefined)).toEqual([]);
    return engine.stats().cacheMisses - before;
  };
  // The filter lets more than half of them pass.
  expect(await reads()).toBeGreaterThan(300);
  // Some have lost their slots to each other.
  expect(await reads()).toBeLessThan(250);
  const hits = engine.stats().negativeCacheHits;
  expect(hits).toBeGreaterThan(700);
  // A snapshot asks the tables, though the key is as absent for it.
  expect(await reads({ snapshot: engine.snapshot() })).toBeGreaterThan(300);
  expect(engine.stats().negativeCacheHits).toBe(hits);
  await engine.close();
});

function batchWrite([key, value]: readonly [string, string | undefined]): BatchWrite {
  return value === undefined
    ? { kind: 'delete', key: bytesOf(key) }
    : { kind: 'put', key: bytesOf(key), value: bytesOf(value) };
}
