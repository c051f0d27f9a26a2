import { loadHashes } from '../engine/index.js';
import { promiseOf } from '../harness/checker/promise.js';
import { type Disk, EMPTY_DISK, hashDisk } from '../harness/disk/disk.js';
import { MODEL_NAMES } from '../harness/disk/model.js';
import { modelOf } from '../harness/disk/models/index.js';
import { poweredOn } from '../harness/disk/machine.js';
import { Simulation } from '../harness/disk/simulation.js';
import { Demands } from '../harness/power/demands.js';
import { inspect } from '../harness/power/inspect.js';
import { pickStates } from '../harness/power/pick-states.js';
import { recordLife } from '../harness/power/record-life.js';
import { stream } from '../harness/random.js';
import type { CrashCase, Life } from '../harness/workload/case.js';
import { keysOf } from '../harness/workload/case-facts.js';
import { TINY_OPTIONS } from '../harness/workload/workload.js';

/**
 * Distinct crash states verified a second on one core: a trace of 200 operations is walked under every model, the states
 * at each step are picked and made, each different one is recovered, read in two ways and compared with what is legal.
 * Nothing is skipped but states that were seen before. The fixed thing that it is compared with is a loop of integer
 * arithmetic, measured in the same round, since the machines differ and are noisy.
 *
 *     npm run build && node dist/bench/crash-states.js
 */
const ROUNDS = 5;
const OPERATIONS = 200;
const LIMITS = { exhaustiveMax: 16, statesMax: 16 };

await loadHashes();
const rates: number[] = [];
const ratios: number[] = [];
const shares: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const crashCase = drawCase(round);
  const life = crashCase.lives[0];
  if (life === undefined) throw new Error('Expected a case with a life.');
  const keys = keysOf(crashCase);
  const recorded = await recordLife(poweredOn(EMPTY_DISK), crashCase, 0, life, keys);
  const demands = new Demands(recorded, new Map(), keys, promiseOf(crashCase.options));
  const fixed = fixedWork();
  const start = now();
  let recoveringMs = 0;
  const seen = new Set<number>();
  for (const name of MODEL_NAMES) {
    const simulation = new Simulation(modelOf(name), EMPTY_DISK);
    const random = stream(round, 'bench', name);
    for (const [index, step] of recorded.steps.entries()) {
      simulation.advance(step);
      const { first, last } = demands.at(index + 1);
      for (const picked of pickStates(simulation.choices(), LIMITS, random).picks) {
        const disk: Disk = simulation.state(picked);
        const hash = hashDisk(disk);
        if (seen.has(hash)) continue;
        seen.add(hash);
        const before = now();
        const { content, problem } = await inspect(disk, crashCase, keys, false);
        recoveringMs += now() - before;
        const places = content === undefined ? [] : demands.placesOf(content);
        if (problem !== undefined || !places.some((place) => place >= first && place <= last)) {
          throw new Error(
            `Expected the engine to hold, got ${problem ?? 'another content'} at step ${index}.`,
          );
        }
      }
    }
  }
  const seconds = (now() - start) / 1_000;
  rates.push(seen.size / seconds);
  ratios.push(seen.size / seconds / fixed);
  shares.push(recoveringMs / 1_000 / seconds);
  console.log(
    `round ${round + 1}: ${recorded.steps.length} steps, ${seen.size} distinct states in ${seconds.toFixed(2)} s, ${(seen.size / seconds).toFixed(0)} a second`,
  );
}
console.log(
  `crash states      ${median(rates).toFixed(0)} distinct a second and core (median of ${ROUNDS} rounds)`,
);
console.log(
  `engine's recovery ${(100 * median(shares)).toFixed(0)} % of the time (open, read everything, close)`,
);
console.log(`ratio             ${median(ratios).toFixed(2)} states a million turns of a fixed loop`);

/** One life of puts, deletes, batches and syncs over sixteen keys. */
function drawCase(seed: number): CrashCase {
  const random = stream(seed, 'bench', 'operations');
  const operations: Life['operations'] = Array.from({ length: OPERATIONS }, (_, index) => {
    const key = `key-${random.below(16)}`;
    const sync = random.below(4) === 0 ? { sync: true } : {};
    if (random.below(5) === 0) return { operation: { kind: 'delete', key, ...sync } };
    return { operation: { kind: 'put', key, value: `0.${index}`, ...sync }, turns: [random.below(4)] };
  });
  const options = { ...TINY_OPTIONS, memtableEntriesMax: 16, tableEntriesMax: 16 };
  return {
    format: 1,
    scenario: 'bench',
    target: 'lsm',
    options,
    seed,
    lives: [{ operations, end: 'kill idle' }],
  };
}

/** Millions of turns a second of a loop that nobody changes. */
function fixedWork(): number {
  const turns = 20_000_000;
  const start = now();
  let word = 1;
  for (let turn = 0; turn < turns; turn++) word = Math.imul(word ^ turn, 0x9e37_79b9) >>> 1;
  if (word === 0.5) throw new Error('The loop must not be optimised away.');
  return turns / 1_000 / (now() - start);
}

function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[values.length >> 1] ?? 0;
}
