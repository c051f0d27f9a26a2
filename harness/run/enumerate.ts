import fc from 'fast-check';
import type { StepLabel } from '../../engine/index.js';
import { canCut, formatEnding } from '../faults/ending.js';
import { stream } from '../random.js';
import { caseArbitrary } from '../workload/arbitraries.js';
import type { CrashCase, Life } from '../workload/case.js';
import { writesOf } from '../workload/operation.js';
import { type CasePlace, runCase } from './run-case.js';
import type { CrashScenario } from './scenario.js';

/**
 * Every crash point of one workload instead of a sample: the workload is played once without a kill to count its
 * steps, then once for each step of the scenario, moment (before, inside, after) and chosen occurrence. A workload
 * that never comes to some step of the scenario would leave it untried, so a few are counted, and the one that
 * reaches the most steps is shot at.
 */
export async function enumerateCases(
  scenario: CrashScenario,
  target: string,
  seed: number,
  place: CasePlace,
): Promise<readonly CrashCase[]> {
  if (scenario.kills.kind !== 'steps' || scenario.kills.enumerate === null) return [];
  const { labels, enumerate } = scenario.kills;
  let most = -1;
  let cases: readonly CrashCase[] = [];
  for (const base of workloadsOf(scenario, target, seed)) {
    const [first, second] = base.lives;
    if (first === undefined || second === undefined) continue;
    const before: readonly Life[] = enumerate.after === null ? [] : [{ ...first, end: enumerate.after }];
    const shot: Life = enumerate.after === null ? first : second;
    const ending = (end: string): CrashCase => ({ ...base, lives: [...before, { ...shot, end }] });
    const counting = await runCase(ending('close'), place);
    const steps = counting.lives[before.length]?.steps ?? {};
    const reached = labels.filter((label) => (steps[label] ?? 0) > 0).length;
    if (reached <= most) continue;
    most = reached;
    cases = labels.flatMap((label) => endingsAt(label, steps[label] ?? 0).map(ending));
    if (most === labels.length) break;
  }
  return cases;
}

const ENUMERATED_OPERATIONS = 50;
const OFF_AND_ON = 100;
const COUNTED_MAX = 8;

/** Workloads with many writes and many kinds of operations in them, the best first, drawn from the scenario's own generator. */
function workloadsOf(scenario: CrashScenario, target: string, seed: number): readonly CrashCase[] {
  const workload = { ...scenario.workload, operationsMax: ENUMERATED_OPERATIONS, livesMax: 2 };
  const arbitrary = caseArbitrary(scenario.name, target, workload, fc.constant('close'));
  const sampled = fc.sample(arbitrary, {
    seed: stream(seed, scenario.name, 'enumerate').uint32() | 0,
    numRuns: OFF_AND_ON,
  });
  const weight = (crashCase: CrashCase): number =>
    crashCase.lives.length === 2
      ? Math.min(...crashCase.lives.map((life) => kindsIn(life) * WRITES_A_KIND + writesIn(life)))
      : 0;
  return sampled.sort((left, right) => weight(right) - weight(left)).slice(0, COUNTED_MAX);
}

/** One more kind of operation is worth as much as so many more writes: steps come from writes. */
const WRITES_A_KIND = 3;

function writesIn(life: Life): number {
  return life.operations.filter(({ operation }) => writesOf(operation).length > 0).length;
}

function kindsIn(life: Life): number {
  return new Set(life.operations.map(({ operation }) => operation.kind)).size;
}

function endingsAt(label: StepLabel, count: number): readonly string[] {
  const whole = spread(count, OCCURRENCES).flatMap((occurrence) => [
    formatEnding({ kind: 'kill-at-step', moment: 'before', label, occurrence }),
    formatEnding({ kind: 'kill-at-step', moment: 'after', label, occurrence }),
  ]);
  if (!canCut(label)) return whole;
  // The length of a write is not known here: cuts early, in the middle and late, over more occurrences.
  const cut = spread(count, OCCURRENCES_CUT).map((occurrence, index) => {
    const bytes = CUTS_BYTES[index % CUTS_BYTES.length] ?? 0;
    return formatEnding({ kind: 'kill-at-step', moment: 'inside', label, occurrence, bytes });
  });
  return [...whole, ...cut];
}

const OCCURRENCES = 3;
const OCCURRENCES_CUT = 15;
/** The last is more than any write has: then all but its last byte is written. */
const CUTS_BYTES = [3, 38, 4_000];

/** At most `places` of the numbers 1 to `count`, evenly spread, the first and the last among them. */
function spread(count: number, places: number): readonly number[] {
  if (count <= places) return Array.from({ length: count }, (_, index) => index + 1);
  return Array.from({ length: places }, (_, place) => 1 + Math.round((place * (count - 1)) / (places - 1)));
}
