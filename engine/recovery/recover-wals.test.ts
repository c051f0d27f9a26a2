import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACTIONS, bytesOf, dump, SMALL, withEngine } from '../engine-test-workload.js';
import { Engine } from '../engine.js';
import type { Environment } from '../environment.js';
import type { EngineOptions } from '../options.js';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import { faultyVfs, type VfsCall } from '../vfs/faulty-test-vfs.js';
import { PowerLossDisk } from './power-loss-test-vfs.js';

/**
 * Recovery on a disk that loses its power: at any call of a workload, of a recovery, and of the life after it. The
 * disk keeps any part of what was not synced, in any order, so this says what interrupted.test.ts cannot.
 */
class Crash extends Error {}

type Content = readonly (readonly [string, string])[];

/** An environment on `disk` in which call `crashAt` and all later ones throw. */
function world(disk: PowerLossDisk, crashAt = Infinity) {
  const calls: VfsCall[] = [];
  const vfs = faultyVfs(disk.vfs, (call) => {
    calls.push(call);
    if (call.index >= crashAt) throw new Crash(`crash at ${call.label}`);
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

/** Opens and reads, and goes on until call `crashAt`. What was read, if it came to that. */
async function shown(disk: PowerLossDisk, crashAt: number): Promise<Content | undefined> {
  const { environment } = world(disk, crashAt);
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
const crashes = fc.array(fc.record({ at: fc.nat(60), power: fc.boolean() }), { maxLength: 3 });

test.each(['os', 'always'] as const)(
  'durability %s: after any power losses there is what was synced and a prefix of the rest, and what was read stays',
  async (durability) => {
    const options = { ...SMALL, durability };
    const life = world(new PowerLossDisk());
    await live(life.environment, options);
    expect(life.calls.length).toBeGreaterThan(CALLS - 60);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(CALLS),
        fc.boolean(),
        crashes,
        fc.nat(),
        async (crashAt, power, recoveries, seed) => {
          const draw = drawFrom(seed);
          let disk = new PowerLossDisk();
          const { states, durable } = await live(world(disk, crashAt).environment, options);
          let allowed: readonly Content[] = states.slice(durable);
          if (power) disk = disk.afterPowerLoss(draw);
          for (const crash of [
            ...recoveries,
            { at: Infinity, power: true },
            { at: Infinity, power: false },
          ]) {
            const content = await shown(disk, crash.at);
            if (content !== undefined) {
              expect(allowed).toContainEqual(content);
              allowed = [content];
            }
            if (crash.power) disk = disk.afterPowerLoss(draw);
          }
          const { environment } = world(disk);
          await withEngine(environment, (engine) => engine.put(bytesOf('zz'), bytesOf('1'), { sync: true }));
          const after = await shown(disk.afterPowerLoss(draw), Infinity);
          expect(after).toEqual([...(allowed[0] ?? []), ['zz', '1']]);
        },
      ),
      { numRuns: 500 },
    );
  },
);

test('the directory of a new level is durable before a MANIFEST names a table in it', async () => {
  /** Whether the first compaction of a database came to its end before call `crashAt`, and where it began. */
  const compact = async (disk: PowerLossDisk, crashAt: number) => {
    const { environment, calls } = world(disk, crashAt);
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
      expect(await shown(after, Infinity), `crash at call ${crashAt}`).toEqual([['a', '1']]);
    }
  }
});
