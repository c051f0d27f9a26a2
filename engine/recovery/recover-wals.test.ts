import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACTIONS, bytesOf, dump, SMALL, withEngine } from '../engine-test-workload.js';
import { Engine } from '../engine.js';
import type { Environment } from '../environment.js';
import type { EngineOptions } from '../options.js';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import { faultyVfs, TornWrite, type VfsCall } from '../vfs/faulty-test-vfs.js';
import { PowerLossDisk } from './power-loss-test-vfs.js';

/**
 * Recovery on a disk that loses its power, and whose syncs fail: at any call of a workload, of a recovery, and of the
 * life after it. The disk keeps any part of what was not synced, in any order, and a sync that has failed takes what
 * it should have written out of all later ones, so this says what interrupted.test.ts cannot.
 */
class Crash extends Error {}

type Content = readonly (readonly [string, string])[];

/** At call `at`, inside of it if it is a write, the process dies; or the first sync from call `at` on fails, and it lives on. */
interface Fault {
  readonly kind: 'crash' | 'failed sync';
  readonly at: number;
}

const NO_FAULT: Fault = { kind: 'crash', at: Infinity };

function world(disk: PowerLossDisk, fault = NO_FAULT) {
  const calls: VfsCall[] = [];
  let failed = false;
  const vfs = faultyVfs(disk.vfs, (call) => {
    calls.push(call);
    if (call.index < fault.at || failed) return;
    if (fault.kind === 'crash') {
      const crash = new Crash(`crash at ${call.label}`);
      throw call.index === fault.at && call.kind === 'append' ? new TornWrite(crash) : crash;
    }
    if (call.kind !== 'sync') return;
    failed = true;
    disk.loseDirtyPages(call.path);
    throw new Crash(`failed sync at ${call.label}`);
  });
  const environment: Environment = { ...makeTestEnvironment().environment, vfs };
  return { environment, calls };
}

/** Every content that the workload went through, and the index of the oldest one that a power loss may leave. */
async function live(environment: Environment, options: Partial<EngineOptions>) {
  const states: Content[] = [[]];
  let durable = 0;
  const engine = await Engine.open(environment, options).catch(() => undefined);
  if (engine === undefined) return { states, durable };
  const content = new Map<string, string>();
  try {
    for (const action of ACTIONS) {
      if (action.kind !== 'write') await engine[action.kind]();
      else {
        for (const [key, value] of Object.entries(action.writes)) {
          if (value === null) content.delete(key);
          else content.set(key, value);
        }
        states.push([...content].sort(([left], [right]) => (left < right ? -1 : 1)));
        const batch = Object.entries(action.writes).map(([key, value]) =>
          value === null
            ? ({ kind: 'delete', key: bytesOf(key) } as const)
            : ({ kind: 'put', key: bytesOf(key), value: bytesOf(value) } as const),
        );
        await engine.write(batch, action.sync === undefined ? {} : { sync: true });
      }
      const synced = action.kind !== 'write' || action.sync === true || options.durability === 'always';
      if (synced) durable = states.length - 1;
    }
    await engine.close();
    durable = states.length - 1;
  } catch {
    await engine.close().catch(() => undefined);
  }
  return { states, durable };
}

/** Opens and reads, and goes on until the fault stops it. What was read, if it came to that. */
async function shown(disk: PowerLossDisk, fault = NO_FAULT): Promise<Content | undefined> {
  const { environment } = world(disk, fault);
  const engine = await Engine.open(environment, SMALL).catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'ENGINE_IO', cause: expect.any(Crash) as unknown });
  });
  if (engine === undefined) return undefined;
  const content = await dump(engine).catch(() => undefined);
  await engine.settled().catch(() => undefined);
  await engine.close().catch(() => undefined);
  return content;
}

function drawFrom(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const CALLS = 330;
const faultUpTo = (max: number): fc.Arbitrary<Fault> =>
  fc.record({ kind: fc.constantFrom('crash' as const, 'failed sync' as const), at: fc.nat(max) });
const recoveriesArbitrary = fc.array(fc.record({ fault: faultUpTo(60), power: fc.boolean() }), {
  maxLength: 3,
});

test.each(['os', 'always'] as const)(
  'durability %s: after any power losses and failed syncs there is what was synced and a prefix of the rest, and what was read stays',
  async (durability) => {
    const options = { ...SMALL, durability };
    const life = world(new PowerLossDisk());
    await live(life.environment, options);
    expect(life.calls.length).toBeGreaterThan(CALLS - 60);
    await fc.assert(
      fc.asyncProperty(
        faultUpTo(CALLS),
        fc.boolean(),
        recoveriesArbitrary,
        fc.nat(),
        async (fault, power, recoveries, seed) => {
          const draw = drawFrom(seed);
          let disk = new PowerLossDisk();
          const { states, durable } = await live(world(disk, fault).environment, options);
          let allowed: readonly Content[] = states.slice(durable);
          if (power) disk = disk.afterPowerLoss(draw);
          for (const recovery of [
            ...recoveries,
            { fault: NO_FAULT, power: true },
            { fault: NO_FAULT, power: false },
          ]) {
            const content = await shown(disk, recovery.fault);
            if (content !== undefined) {
              expect(allowed).toContainEqual(content);
              allowed = [content];
            }
            if (recovery.power) disk = disk.afterPowerLoss(draw);
          }
          const { environment } = world(disk);
          await withEngine(environment, (engine) => engine.put(bytesOf('zz'), bytesOf('1'), { sync: true }));
          const after = await shown(disk.afterPowerLoss(draw));
          expect(after).toEqual([...(allowed[0] ?? []), ['zz', '1']]);
        },
      ),
      { numRuns: 500 },
    );
  },
);

/** `a` is durable; the sync of `b` failed, so its pages are in the cache only and nothing will ever write them. */
async function lifeWithFailedSync(): Promise<PowerLossDisk> {
  const liveUntil = async (disk: PowerLossDisk, fault: Fault) => {
    const { environment, calls } = world(disk, fault);
    const engine = await Engine.open(environment, SMALL);
    await engine.put(bytesOf('a'), bytesOf('1'), { sync: true });
    const at = calls.length;
    const error: unknown = await engine
      .put(bytesOf('b'), bytesOf('2'), { sync: true })
      .catch((reason: unknown) => reason);
    await engine.close();
    return { at, error };
  };
  const { at } = await liveUntil(new PowerLossDisk(), NO_FAULT);
  const disk = new PowerLossDisk();
  const { error } = await liveUntil(disk, { kind: 'failed sync', at });
  expect(error).toMatchObject({ code: 'ENGINE_IO', outcome: 'unknown' });
  return disk;
}

test('what recovery read from pages that a failed sync had dropped is there if the power goes as soon as it answers', async () => {
  for (let seed = 0; seed < 64; seed++) {
    const disk = await lifeWithFailedSync();
    const engine = await Engine.open(world(disk).environment, SMALL);
    const after = disk.afterPowerLoss(drawFrom(seed * 1_000_003));
    const content = await dump(engine);
    await engine.close();
    expect(content.map(([key]) => key)).toEqual(['a', 'b']);
    expect(await shown(after)).toEqual(content);
  }
});

test('a recovery that dies on pages that a failed sync had dropped can be run again after a power loss', async () => {
  for (let at = 0, reached = true; reached; at++) {
    for (let seed = 0; seed < 32; seed++) {
      const disk = await lifeWithFailedSync();
      const fault = { kind: 'crash', at } as const;
      const content = await shown(disk, fault);
      reached = content === undefined;
      const after = await shown(disk.afterPowerLoss(drawFrom(seed * 1_000_003)));
      const found = after?.map(([key]) => key).join('');
      expect(['a', 'ab'], `crash at call ${at}`).toContain(found);
      if (content !== undefined) expect(after).toEqual(content);
    }
  }
});

test('the directory of a new level is durable before a MANIFEST names a table in it', async () => {
  /** Whether the first compaction of a database came to its end before call `crashAt`, and where it began. */
  const compact = async (disk: PowerLossDisk, crashAt: number) => {
    const { environment, calls } = world(disk, { kind: 'crash', at: crashAt });
    const engine = await Engine.open(environment, SMALL);
    await engine.put(bytesOf('a'), bytesOf('1'), { sync: true });
    const start = calls.length;
    const finished = await engine.compact().then(
      () => true,
      () => false,
    );
    await engine.close().catch(() => undefined);
    return { start, finished };
  };
  let crashAt = (await compact(new PowerLossDisk(), Infinity)).start;
  for (let finished = false; !finished; crashAt++) {
    for (let seed = 0; seed < 16; seed++) {
      const disk = new PowerLossDisk();
      ({ finished } = await compact(disk, crashAt));
      const after = disk.afterPowerLoss(drawFrom(seed * 1_000_003));
      expect(await shown(after), `crash at call ${crashAt}`).toEqual([['a', '1']]);
    }
  }
});
