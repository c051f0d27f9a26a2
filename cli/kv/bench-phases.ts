import { cpus } from 'node:os';
import type { Engine, EngineOptions, EngineStats } from '../../engine/index.js';
import { stream } from '../../harness/random.js';
import { WALL_CLOCK } from '../../harness/run/wall-clock.js';

/**
 * The phases of the bench, each on the database that the one before left:
 *
 *     batch        writes all entries in key order, 100 a batch; what compaction still owes at its end is paid in `settle`
 *     settle       waits for flush and compaction, here and after the puts, so that reads are not measured beside them
 *     put          replaces random entries, one after the other
 *     put x 64     the same by 64 writers at a time, which share their syncs
 *     get          reads random entries, and compares each value's length
 *     get missing  reads keys that are not there, each between two that are
 *     scan         reads everything in order, again and again
 *
 * All but `batch` and `settle` end after `phaseMs`. No phase is warmed up and none is left out. The figures are not those of
 * a disk, since the database fits into the page cache, nor of the engine alone, since the bench shares its thread; how
 * much of a core both had is told with them.
 */
export async function runPhases(
  engine: Engine,
  setup: BenchSetup,
  signal: AbortSignal,
): Promise<BenchResult> {
  const { durability, entries, valueBytes, phaseMs } = setup;
  const random = stream(1, 'bench');
  const value = () => Buffer.from(Array.from({ length: valueBytes }, () => random.below(256)));
  const values = Array.from({ length: VALUES }, value);
  const anyValue = () => values[random.below(VALUES)] as Buffer;
  const anyKey = () => keyOf(random.below(entries));
  const putMany = async (count: number) => {
    await Promise.all(Array.from({ length: count }, () => engine.put(anyKey(), anyValue())));
    return count;
  };
  const get = async (key: Buffer, there: boolean) => {
    const found = await engine.get(key);
    if ((found?.length ?? -1) !== (there ? valueBytes : -1)) throw new Error('Expected what was written.');
    return 1;
  };
  const [startMs, startUsage] = [WALL_CLOCK.monotonicMs(), process.cpuUsage()];
  const phases: Phase[] = [];
  const add = async (name: string, step: () => Promise<number>, limits: Limits) =>
    phases.push(await measure(name, step, limits, signal));

  let written = 0;
  await add(
    'batch',
    async () => {
      const count = Math.min(BATCH, entries - written);
      const numbers = Array.from({ length: count }, (_, index) => written + index);
      await engine.write(
        numbers.map((number) => ({ kind: 'put', key: keyOf(number), value: anyValue() }) as const),
      );
      written += count;
      return count;
    },
    { operations: entries },
  );
  await add('settle', async () => (await engine.settled(), 1), { operations: 1 });
  await add('put', () => putMany(1), { ms: phaseMs });
  await add(`put x ${WRITERS}`, () => putMany(WRITERS), { ms: phaseMs });
  await add('settle', async () => (await engine.settled(), 1), { operations: 1 });
  await add('get', () => get(anyKey(), true), { ms: phaseMs });
  await add('get missing', () => get(Buffer.concat([anyKey(), MISSING]), false), { ms: phaseMs });
  let scan = engine.scan();
  await add(
    'scan',
    async () => {
      const pairs = await scan.nextMany(SCAN_TOGETHER);
      if (pairs.length < SCAN_TOGETHER) scan = engine.scan();
      return pairs.length;
    },
    { ms: phaseMs },
  );
  await scan.return();
  const { user, system } = process.cpuUsage(startUsage);
  return {
    ...{ durability, entries, valueBytes, phaseMs },
    ...{ node: process.version, cpu: cpus()[0]?.model ?? 'unknown' },
    cores: (user + system) / 1_000 / (WALL_CLOCK.monotonicMs() - startMs),
    ...{ phases, stats: engine.stats() },
  };
}

export interface BenchSetup {
  readonly durability: EngineOptions['durability'];
  readonly entries: number;
  readonly valueBytes: number;
  readonly phaseMs: number;
}

export interface BenchResult extends BenchSetup {
  /** Version of Node.js. */
  readonly node: string;
  readonly cpu: string;
  /** Cores that the process had on average while it measured; far below 1 where others took them, or the disk was slow. */
  readonly cores: number;
  readonly phases: readonly Phase[];
  /** At the end. */
  readonly stats: EngineStats;
}

export interface Phase {
  readonly name: string;
  /** Keys written or read. */
  readonly operations: number;
  readonly ms: number;
  readonly operationsPerSecond: number;
  /** Of one call, which holds 100 operations in `batch`, 64 in `put x 64`, 100 in `scan`: median and 99th percentile. */
  readonly callP50Ms: number;
  readonly callP99Ms: number;
}

type Limits = { readonly operations: number } | { readonly ms: number };

async function measure(
  name: string,
  step: () => Promise<number>,
  limits: Limits,
  signal: AbortSignal,
): Promise<Phase> {
  const start = WALL_CLOCK.monotonicMs();
  const callsMs: number[] = [];
  let operations = 0;
  let before = start;
  let turnMs = start;
  while (!signal.aborted && ('ms' in limits ? before - start < limits.ms : operations < limits.operations)) {
    operations += await step();
    const after = WALL_CLOCK.monotonicMs();
    callsMs.push(after - before);
    before = after;
    // Background work and Ctrl-C need a turn of the event loop; it is a part of the time.
    if (after - turnMs > TURN_MS) {
      await new Promise((resolve) => void setImmediate(resolve));
      turnMs = before;
    }
  }
  const ms = WALL_CLOCK.monotonicMs() - start;
  callsMs.sort((left, right) => left - right);
  const percentile = (part: number) => callsMs[Math.floor(part * (callsMs.length - 1))] ?? 0;
  return {
    name,
    operations,
    ms,
    operationsPerSecond: operations / (ms / 1_000),
    callP50Ms: percentile(0.5),
    callP99Ms: percentile(0.99),
  };
}

function keyOf(number: number): Buffer {
  return Buffer.from(`key${String(number).padStart(12, '0')}`);
}

/** Behind a key, it makes one that is not there and lies before the next. */
const MISSING = Buffer.from('!');
const BATCH = 100;
const WRITERS = 64;
const SCAN_TOGETHER = 100;
/** Different values; they are not made while the clock runs. */
const VALUES = 256;
const TURN_MS = 5;
