import { formatEnding, parseEnding } from '../faults/ending.js';
import type { CrashCase, Life, ScheduledOperation } from '../workload/case.js';

/**
 * Delta debugging (Zeller and Hildebrandt, 2002) over the JSON of a case, in the dimensions that a reader cares
 * about: fewer lives, fewer operations, an earlier crash point, plainer operations. Every candidate is really
 * played; one that still fails in the same way replaces the case, until none does or the budget is used.
 *
 * Candidates of one round are tried `parallel` at a time and the first in order that fails wins, so the result does
 * not depend on which process was faster.
 */
export async function minimise(
  start: CrashCase,
  fails: (candidate: CrashCase) => Promise<boolean>,
  budget: { readonly runsMax: number; readonly parallel: number; readonly stopped: () => boolean },
): Promise<{ readonly smallest: CrashCase; readonly runs: number }> {
  let smallest = start;
  let runs = 0;
  for (let improved = true; improved;) {
    improved = false;
    const candidates = candidatesOf(smallest);
    for (let index = 0; index < candidates.length; index += budget.parallel) {
      if (runs >= budget.runsMax || budget.stopped()) return { smallest, runs };
      const group = candidates.slice(index, index + budget.parallel);
      runs += group.length;
      const failed = await Promise.all(group.map(fails));
      const winner = group[failed.indexOf(true)];
      if (winner === undefined) continue;
      smallest = winner;
      improved = true;
      break;
    }
  }
  return { smallest, runs };
}

/** Smaller cases, the boldest cuts first. */
function candidatesOf(crashCase: CrashCase): readonly CrashCase[] {
  const { lives } = crashCase;
  const withLife = (number: number, life: Life): CrashCase => ({
    ...crashCase,
    lives: lives.with(number, life),
  });
  return [
    ...lives.map((_, number) => ({ ...crashCase, lives: lives.filter((__, other) => other !== number) })),
    ...lives.flatMap((life, number) => shorterLives(life).map((shorter) => withLife(number, shorter))),
    ...lives.flatMap((life, number) => earlierEndings(life).map((earlier) => withLife(number, earlier))),
    ...lives.flatMap((life, number) => plainerLives(life).map((plainer) => withLife(number, plainer))),
  ].filter((candidate) => candidate.lives.length > 0);
}

/** Without a half, a quarter, ... of the operations, and at last without each single one. */
function shorterLives(life: Life): readonly Life[] {
  const { operations } = life;
  const shorter: Life[] = [];
  for (let size = operations.length; size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < operations.length; start += size) {
      shorter.push({
        ...life,
        operations: [...operations.slice(0, start), ...operations.slice(start + size)],
      });
    }
  }
  // An occurrence that lies beyond the end of a shorter life would never come: pull it along.
  return [...shorter, ...shorter.flatMap(earlierEndings)];
}

function earlierEndings(life: Life): readonly Life[] {
  const ending = parseEnding(life.end);
  if (ending.kind !== 'kill-at-step' || ending.occurrence === 1) return [];
  const earlier = [...new Set([1, Math.floor(ending.occurrence / 2), ending.occurrence - 1])];
  return earlier
    .filter((occurrence) => occurrence >= 1)
    .map((occurrence) => ({ ...life, end: formatEnding({ ...ending, occurrence }) }));
}

function plainerLives(life: Life): readonly Life[] {
  return life.operations.flatMap((scheduled, index) =>
    plainer(scheduled).map((simple) => ({ ...life, operations: life.operations.with(index, simple) })),
  );
}

function plainer(scheduled: ScheduledOperation): readonly ScheduledOperation[] {
  const { operation, turns } = scheduled;
  const candidates: ScheduledOperation[] = [];
  if (turns !== undefined) {
    const { turns: _, ...withoutTurns } = scheduled;
    candidates.push(withoutTurns);
    if (turns.length > 1) candidates.push({ ...scheduled, turns: turns.slice(1) });
  }
  if (scheduled.overlap === true) {
    const { overlap: _, ...alone } = scheduled;
    candidates.push(alone);
  }
  if (operation.kind === 'batch' && operation.writes.length > 1) {
    for (const index of operation.writes.keys()) {
      const writes = operation.writes.filter((_, other) => other !== index);
      candidates.push({ ...scheduled, operation: { ...operation, writes } });
    }
  }
  if ('value' in operation && operation.value.includes(':')) {
    const value = operation.value.slice(0, operation.value.indexOf(':'));
    candidates.push({ ...scheduled, operation: { ...operation, value } });
  }
  return candidates;
}
