import { type Ending, formatEnding, parseEnding } from '../faults/ending.js';
import type { CrashCase, Life, ScheduledOperation } from '../workload/case.js';
import type { Operation } from '../workload/operation.js';

/**
 * Delta debugging (Zeller and Hildebrandt, 2002) over the JSON of a case, in the dimensions that a reader cares
 * about: fewer lives, fewer operations, an earlier crash point, plainer operations. Every candidate is really
 * played; one that still fails in the same way replaces the case, until none does or the budget is used.
 *
 * Candidates of one round are tried `parallel` at a time and the first in order that fails wins, so the result does
 * not depend on which process was faster, nor on how many there are.
 */
export async function minimise(
  start: CrashCase,
  fails: (candidate: CrashCase) => Promise<boolean>,
  budget: { readonly runsMax: number; readonly parallel: number; readonly stopped: () => boolean },
): Promise<{ readonly smallest: CrashCase; readonly runs: number }> {
  let smallest = start;
  let candidates = candidatesOf(smallest);
  let runs = 0;
  let next = 0;
  // Ends when every candidate in a row has passed. After a success it goes on where it was: what did not fail before
  // seldom fails for a smaller case, and is tried again on the next way round.
  for (let passed = 0; passed < candidates.length;) {
    const left = budget.runsMax - runs;
    if (left <= 0 || budget.stopped()) break;
    if (next >= candidates.length) next = 0;
    const size = Math.min(budget.parallel, left, candidates.length - passed);
    const group = candidates.slice(next, next + size);
    const winner = (await Promise.all(group.map(fails))).indexOf(true);
    // What ran beside the winner and behind it does not count, so that the budget ends at the same candidate.
    runs += winner < 0 ? group.length : winner + 1;
    const smaller = group[winner];
    next += winner < 0 ? group.length : winner;
    passed += group.length;
    if (smaller === undefined) continue;
    smallest = smaller;
    candidates = candidatesOf(smallest);
    passed = 0;
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
    ...withoutRuns(lives).map((fewer) => ({ ...crashCase, lives: fewer })),
    ...lives.flatMap((life, number) => shorterLives(life).map((shorter) => withLife(number, shorter))),
    ...lives.flatMap((life, number) => earlierEndings(life).map((earlier) => withLife(number, earlier))),
    ...lives.flatMap((life, number) => shorterAndEarlier(life).map((shorter) => withLife(number, shorter))),
    ...lives.flatMap((life, number) => plainerLives(life).map((plainer) => withLife(number, plainer))),
  ].filter((candidate) => candidate.lives.length > 0);
}

/** Without all, a half, a quarter, ... of the items, and at last without each single one. */
function withoutRuns<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const fewer: (readonly Item[])[] = [];
  for (let size = items.length; size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < items.length; start += size) {
      fewer.push([...items.slice(0, start), ...items.slice(start + size)]);
    }
  }
  return fewer;
}

function shorterLives(life: Life): readonly Life[] {
  return withoutRuns(life.operations).map((operations) => ({ ...life, operations }));
}

/** An occurrence that lies beyond the end of a shorter life would never come: pull it along by one, or to the end. */
function shorterAndEarlier(life: Life): readonly Life[] {
  const ending = parseEnding(life.end);
  if (ending.kind === 'power' && ending.at.kind !== 'idle') {
    const end = formatEnding({ ...ending, at: { kind: 'idle' } });
    return shorterLives(life).map((shorter) => ({ ...shorter, end }));
  }
  if (ending.kind !== 'kill-at-step' || ending.occurrence === 1) return [];
  const end = formatEnding({ ...ending, occurrence: ending.occurrence - 1 });
  return shorterLives(life).map((shorter) => ({ ...shorter, end }));
}

function earlierEndings(life: Life): readonly Life[] {
  const ending = parseEnding(life.end);
  if (ending.kind !== 'kill-at-step') return [];
  const { occurrence } = ending;
  const earlier = [...new Set([1, Math.floor(occurrence / 2), occurrence - 1])].filter(
    (candidate) => candidate >= 1 && candidate < occurrence,
  );
  const endings: readonly Ending[] = [
    ...earlier.map((candidate) => ({ ...ending, occurrence: candidate })),
    // A life whose kill never struck, or need not strike there, says so.
    { kind: 'kill-idle' },
  ];
  return endings.map((candidate) => ({ ...life, end: formatEnding(candidate) }));
}

function plainerLives(life: Life): readonly Life[] {
  return [...withoutFaults(life), ...plainerOrders(life), ...plainerOperations(life)];
}

function withoutFaults(life: Life): readonly Life[] {
  const { faults, ...faultless } = life;
  if (faults === undefined) return [];
  const fewer =
    faults.length < 2 ? [] : faults.map((_, index) => ({ ...life, faults: faults.toSpliced(index, 1) }));
  return [faultless, ...fewer];
}

/** The oldest completion first, or at least from some turn on. */
function plainerOrders(life: Life): readonly Life[] {
  const { completions, ...oldestFirst } = life;
  if (completions === undefined) return [];
  const shorter =
    completions.length < 2 ? [] : [{ ...life, completions: completions.slice(0, completions.length >> 1) }];
  return [oldestFirst, ...shorter];
}

function plainerOperations(life: Life): readonly Life[] {
  return life.operations.flatMap((scheduled, index) =>
    plainer(scheduled).map((simple) => ({ ...life, operations: life.operations.with(index, simple) })),
  );
}

/** One thing less each: a turn, the overlap, a write of a batch, padding. */
function plainer(scheduled: ScheduledOperation): readonly ScheduledOperation[] {
  const { operation, overlap, turns } = scheduled;
  const withOverlap = overlap === true ? { overlap } : {};
  const withTurns = turns === undefined ? {} : { turns };
  const candidates: ScheduledOperation[] = [];
  if (turns !== undefined) candidates.push({ operation, ...withOverlap });
  if (turns !== undefined && turns.length > 1) candidates.push({ ...scheduled, turns: turns.slice(1) });
  if (overlap === true) candidates.push({ operation, ...withTurns });
  if (operation.kind === 'batch' && operation.writes.length > 1) {
    for (const index of operation.writes.keys()) {
      const writes = operation.writes.filter((_, other) => other !== index);
      candidates.push({ ...scheduled, operation: { ...operation, writes } });
    }
  }
  if ('snapshot' in operation && operation.kind !== 'snapshot' && operation.kind !== 'release') {
    const { snapshot: _through, ...asOfNow } = operation;
    candidates.push({ ...scheduled, operation: asOfNow });
  }
  if (operation.kind === 'get-many' && operation.keys.length > 1) {
    for (const index of operation.keys.keys())
      candidates.push({
        ...scheduled,
        operation: { ...operation, keys: operation.keys.toSpliced(index, 1) },
      });
  }
  const plain = withoutPadding(operation);
  if (plain !== operation) candidates.push({ ...scheduled, operation: plain });
  return candidates;
}

/** Values are their place, and padding after a colon that only makes them longer. */
function withoutPadding(operation: Operation): Operation {
  switch (operation.kind) {
    case 'put':
      return operation.value.includes(':') ? { ...operation, value: unpadded(operation.value) } : operation;
    case 'batch': {
      const padded = operation.writes.some((write) => write.kind === 'put' && write.value.includes(':'));
      if (!padded) return operation;
      const writes = operation.writes.map((write) =>
        write.kind === 'put' ? { ...write, value: unpadded(write.value) } : write,
      );
      return { ...operation, writes };
    }
    case 'delete':
    case 'get':
    case 'get-many':
    case 'scan':
    case 'snapshot':
    case 'release':
    case 'sync':
    case 'flush':
    case 'compact':
    case 'open-again':
      return operation;
  }
}

function unpadded(value: string): string {
  return value.split(':', 1)[0] ?? value;
}
