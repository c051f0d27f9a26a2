import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STEP_LABELS, type StepLabel } from '../../engine/index.js';
import { EMPTY_DISK } from '../disk/disk.js';
import { type Machine, poweredOn } from '../disk/machine.js';
import { MODEL_NAMES } from '../disk/model.js';
import { formatEnding } from '../faults/ending.js';
import { killAtStepArbitrary } from '../faults/ending-arbitrary.js';
import { formatSyncFault, SYNC_LABELS } from '../faults/sync-fault.js';
import { type Random, stream } from '../random.js';
import { caseArbitrary } from '../workload/arbitraries.js';
import type { CrashCase, Life } from '../workload/case.js';
import { keysOf } from '../workload/case-facts.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import { cutLife, lostSteps, simulationAt } from './cut-life.js';
import { pickStates } from './pick-states.js';
import { playInMemory } from './play-in-memory.js';
import { recordLife, type RecordedLife } from './record-life.js';

const WORKLOAD = { options: TINY_OPTIONS, keysMax: 6, operationsMin: 0, operationsMax: 12, livesMax: 4 };
const CASES = fc.sample(caseArbitrary('by-hand', 'lsm', WORKLOAD, killAtStepArbitrary(STEP_LABELS)), {
  numRuns: 150,
  seed: 99,
});

test('the sound engine keeps its promise through kills, power losses and failed syncs in any order', async () => {
  let powerLosses = 0;
  for (const [number, drawn] of CASES.entries()) {
    const crashCase = await withPowerLosses(drawn, stream(number, 'lives'));
    const { judgement, lives } = await playInMemory(crashCase);
    expect(judgement, JSON.stringify(crashCase)).toEqual({ verdict: 'held', violations: [], doubts: [] });
    for (const [life, { end }] of crashCase.lives.entries()) {
      if (!end.startsWith('power')) continue;
      // Every state that was picked is one that its text brings about again.
      expect(lives[life]?.fired, JSON.stringify(crashCase)).toBe(true);
      powerLosses++;
    }
  }
  expect(powerLosses).toBeGreaterThan(150);
});

/** The case with two of three lives ending in a power loss of some state that a model allows, and a failed sync in some. */
async function withPowerLosses(drawn: CrashCase, random: Random): Promise<CrashCase> {
  let machine = poweredOn(EMPTY_DISK);
  const lives: Life[] = [];
  for (const [number, { operations, end }] of drawn.lives.entries()) {
    const faults = random.below(5) === 0 ? { faults: [failedSync(random)] } : {};
    let life: Life = { operations, end, ...faults };
    const record = () => recordLife(machine, drawn, number, life, keysOf(drawn));
    if (random.below(3) > 0) {
      life = { ...life, end: 'kill idle' };
      life = { ...life, end: powerLoss(machine, await record(), random) };
    }
    machine = cutLife(machine, number, await record(), life.end).machine;
    lives.push(life);
  }
  return { ...drawn, lives };
}

/** In the first steps of a life, where it recovers, as often as anywhere. */
function powerLoss(machine: Machine, recorded: RecordedLife, random: Random): string {
  const steps = recorded.names.length;
  const position = random.below(random.below(2) === 0 ? Math.min(30, steps) : steps);
  const model = random.pick(MODEL_NAMES);
  const simulation = simulationAt(machine, recorded, position, model);
  const { picks } = pickStates(simulation.choices(), { exhaustiveMax: 8, statesMax: 40 }, random);
  const [name, digits] = (recorded.names[position] ?? '').split('#');
  const label = STEP_LABELS.find((known): known is StepLabel => known === name) ?? 'open/lock';
  const at = { kind: 'before' as const, label, occurrence: Number(digits) };
  return formatEnding({ kind: 'power', model, at, lost: lostSteps(simulation, random.pick(picks)) });
}

function failedSync(random: Random): string {
  const occurrence = 1 + random.below(3);
  return formatSyncFault({ kind: 'io-error', code: 'EIO', label: random.pick(SYNC_LABELS), occurrence });
}
