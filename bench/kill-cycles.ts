import { availableParallelism } from 'node:os';
import { execa } from 'execa';
import fc from 'fast-check';
import { STEP_LABELS } from '../engine/index.js';
import { ProcessPool } from '../harness/driver/process-pool.js';
import { formatEnding } from '../harness/faults/ending.js';
import { stream } from '../harness/random.js';
import { openDataRoot } from '../harness/run/data-root.js';
import { WorkerPool } from '../harness/power/worker-pool.js';
import { type CasePlace, runCase } from '../harness/run/run-case.js';
import { lsmTarget } from '../harness/targets/target.js';
import { caseArbitrary } from '../harness/workload/arbitraries.js';
import type { CrashCase } from '../harness/workload/case.js';
import { TINY_OPTIONS } from '../harness/workload/workload.js';

/**
 * What a kill cycle costs: a child, a workload of 50 operations, a kill at a random step, recovery, reading
 * everything back, the checker. As a ratio to starting `node -e 0`, which is what such a cycle cannot do without.
 * Both are measured in turn, round by round, each on two lanes a core, as a run does it, so that a noisy
 * machine disturbs both alike; the ratio is the median over the rounds.
 */
const ROUNDS = 7;
const PER_ROUND = 40;
const OPERATIONS = 50;
const LANES = 2 * availableParallelism();

const target = lsmTarget();
const root = openDataRoot(undefined);
const pool = new ProcessPool(target, LANES);
const threads = new WorkerPool(target.workerPath, 1);
let directories = 0;
const place: CasePlace = {
  pool,
  threads,
  root: root.directory,
  next: () => directories++,
  lifeLimitMs: 30_000,
  keepDirectories: false,
};
try {
  const cases = drawCases(ROUNDS * PER_ROUND);
  const bare: number[] = [];
  const cycles: number[] = [];
  let kills = 0;
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(await perSecond(PER_ROUND, async () => void (await execa(process.execPath, ['-e', '0']))));
    const batch = cases.slice(round * PER_ROUND, (round + 1) * PER_ROUND);
    cycles.push(
      await perSecond(PER_ROUND, async (index) => {
        const crashCase = batch[index];
        if (crashCase === undefined) return;
        const outcome = await runCase(crashCase, place);
        if (outcome.judgement.verdict !== 'held')
          throw new Error(`Expected the engine to hold, got ${outcome.judgement.verdict}.`);
        kills += outcome.lives.filter((life) => life.death !== undefined).length;
      }),
    );
  }
  const ratios = cycles.map((value, index) => value / (bare[index] ?? 1));
  console.log(`node -e 0         ${median(bare).toFixed(1)} per second`);
  console.log(
    `kill cycles       ${median(cycles).toFixed(1)} per second (${kills} kills, ${pool.spawned} processes)`,
  );
  console.log(
    `ratio             ${median(ratios).toFixed(2)} (rounds: ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')})`,
  );
} finally {
  await Promise.all([pool.close(), threads.close()]);
  root.remove();
}

/** One life of 50 operations each, killed at a step that is reached sooner or later. */
function drawCases(count: number): readonly CrashCase[] {
  const random = stream(1, 'bench', 'kill-cycles');
  const labels = STEP_LABELS.filter((label) => !label.startsWith('recovery/') && !label.startsWith('close/'));
  const workload = { options: TINY_OPTIONS, keysMax: 12, operationsMax: 200, livesMax: 1 };
  const arbitrary = caseArbitrary('bench', 'lsm', workload, fc.constant('kill idle')).filter(
    (crashCase) => (crashCase.lives[0]?.operations.length ?? 0) >= OPERATIONS,
  );
  return fc.sample(arbitrary, { seed: 1, numRuns: count }).map((crashCase) => ({
    ...crashCase,
    lives: crashCase.lives.map(({ operations }) => ({
      operations: operations.slice(0, OPERATIONS),
      end: formatEnding({
        kind: 'kill-at-step',
        moment: random.pick(['before', 'after']),
        label: random.pick(labels),
        occurrence: 1 + random.below(3),
      }),
    })),
  }));
}

async function perSecond(count: number, work: (index: number) => Promise<void>): Promise<number> {
  const startMs = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return (count * 1_000) / (performance.now() - startMs);
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
}
