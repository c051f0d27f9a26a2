import fc from 'fast-check';
import type { StepLabel } from '../../engine/index.js';
import { killAtStepArbitrary } from '../faults/ending-arbitrary.js';
import { formatSyncFault, type SyncFault } from '../faults/sync-fault.js';
import { type Random, stream } from '../random.js';
import { caseArbitrary } from '../workload/arbitraries.js';
import type { CrashCase, Life, ScheduledOperation } from '../workload/case.js';
import type { PowerScenario } from './power-scenario.js';

/**
 * The random cases of a power scenario, each from the seed of the run and its own number, so that a case does not
 * depend on the others. The last life is the one that is explored; it ends when nothing is left to do.
 */
export function powerCase(scenario: PowerScenario, target: string, seed: number, number: number): CrashCase {
  const random = stream(seed, scenario.name, 'case', String(number));
  // Taken in turns, as failed syncs are below: a draw would leave some out in a short run.
  const before = scenario.before?.[number % scenario.before.length];
  const endings = before === undefined ? fc.constant('kill idle') : killAtStepArbitrary([before]);
  const arbitrary = caseArbitrary(scenario.name, target, scenario.workload, endings);
  const [drawn] = fc.sample(arbitrary, { seed: random.uint32() | 0, numRuns: 1 });
  if (drawn === undefined) throw new Error('Expected fast-check to draw a case.');
  const last = drawn.lives.length - 1;
  const { failedSyncs } = scenario;
  const faulted = failedSyncs === undefined ? -1 : random.below(drawn.lives.length);
  return {
    ...drawn,
    lives: drawn.lives.map(({ operations, end }, index): Life => {
      const ending = index === last ? 'kill idle' : end;
      if (failedSyncs === undefined || index !== faulted) return { operations, end: ending };
      const fault = failedSync(failedSyncs, number, index === 0, random);
      return {
        operations: fault.label.startsWith('compaction/') ? [...operations, COMPACT] : operations,
        faults: [formatSyncFault(fault)],
        end: ending,
      };
    }),
  };
}

/** Few cases write enough for a compaction to come by itself. */
const COMPACT: ScheduledOperation = { operation: { kind: 'compact' } };

/**
 * The labels take turns, so that a few cases have them all: a draw would leave out one in three. Where the sync does not
 * come so often it fails earlier (power/striking-faults.ts).
 */
function failedSync(labels: readonly StepLabel[], number: number, isNew: boolean, random: Random): SyncFault {
  const label = labels[number % labels.length] ?? 'wal/fsync';
  // The first WAL and the first MANIFEST only make a database, in which there is nothing to lose.
  const first = isNew && /^(wal|manifest)\//.test(label) ? 2 : 1;
  const occurrence = first + random.below(FAILED_OCCURRENCES);
  return { kind: 'io-error', code: 'EIO', label, occurrence };
}

const FAILED_OCCURRENCES = 4;

/** The one case of a scenario whose operations are given. */
export function fixedCase(
  scenario: PowerScenario,
  operations: readonly ScheduledOperation[],
  target: string,
): CrashCase {
  const { name, workload } = scenario;
  const lives = [{ operations, end: 'kill idle' }];
  return { format: 1, scenario: name, target, options: workload.options, seed: 1, lives };
}
