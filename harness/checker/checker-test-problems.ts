/** For tests: the problems that the exact search gets from a history, and the same with something replaced. */
import type { HistoryEvent } from '../history/event.js';
import type { Random } from '../random.js';
import type { LinearizationProblem } from './linearizable.js';
import { livesOf } from './lives.js';
import type { PowerPromise } from './promise.js';
import { type Stretch, stretchesOf } from './stretch.js';

/** One problem for each stretch. Throws if an observation contradicts itself. */
export function problemsOf(history: readonly HistoryEvent[], promise?: PowerPromise): LinearizationProblem[] {
  return stretchesOf(livesOf(history), promise).map(problemOf);
}

export function problemOf({ base, operations, found, durable }: Stretch): LinearizationProblem {
  if (base === undefined) throw new Error('The observation contradicts itself.');
  return { base, operations, found: found?.state, durable };
}

/** Replaces one answer, or the state that was found, by something that other operations could have left there. */
export function damage(problem: LinearizationProblem, random: Random): LinearizationProblem {
  const anyValue = valuesOf(problem);
  const keys = ['k0', 'k1'];
  const anyState = (): Map<string, string> =>
    new Map(
      keys.flatMap((key) => {
        const value = random.pick(anyValue);
        return value === null ? [] : [[key, value] as const];
      }),
    );
  const readers = problem.operations.filter(
    ({ outcome, operation: { kind } }) =>
      outcome === 'ok' && (kind === 'get' || kind === 'get-many' || kind === 'scan'),
  );
  const victim = readers.length > 0 && random.chance(0.6) ? random.pick(readers) : undefined;
  if (victim === undefined) return { ...problem, found: anyState() };
  const { operation } = victim;
  const result =
    operation.kind === 'get'
      ? { value: random.pick(anyValue) }
      : operation.kind === 'get-many'
        ? { values: operation.keys.map(() => random.pick(anyValue)) }
        : { pairs: [...anyState()] };
  const damaged = { ...victim, result };
  const operations = problem.operations.map((record) => {
    if (record === victim) return damaged;
    if (record.views?.includes(victim) !== true) return record;
    return { ...record, views: record.views.map((view) => (view === victim ? damaged : view)) };
  });
  // What was durable because it was read is no more, if the answer is another one.
  const durable = problem.durable && new Set([...problem.durable].filter(({ outcome }) => outcome === 'ok'));
  return { ...problem, operations, durable };
}

function valuesOf({ base, operations }: LinearizationProblem): (string | null)[] {
  const written = operations.flatMap(({ operation }) => {
    if (operation.kind === 'put') return [operation.value];
    if (operation.kind !== 'batch') return [];
    return operation.writes.flatMap((write) => (write.kind === 'put' ? [write.value] : []));
  });
  return [null, ...base.values(), ...written];
}
