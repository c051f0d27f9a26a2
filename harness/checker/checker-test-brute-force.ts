/**
 * For tests: the definitions, tried out. Every order of every choice of unanswered operations that keeps real time,
 * played on a plain map; after a power loss also every cut. Shares nothing with the search but the shape of its
 * problem.
 */
import type { LinearizationProblem } from './linearizable.js';
import type { OperationRecord } from './lives.js';
import { play } from './checker-test-simulation.js';

/**
 * True if some legal order exists, and a cut of it if the power failed. Takes time that grows with the factorial
 * of the number of operations.
 */
export function bruteForceLinearizable(problem: LinearizationProblem): boolean {
  const able = problem.operations.filter((record) => record.outcome !== 'fail');
  return someOrder(problem, new Map(problem.base), able, false);
}

/** True if the operations that are left can follow on this state; `passed` is true after the cut. */
function someOrder(
  problem: LinearizationProblem,
  store: Map<string, string>,
  left: readonly OperationRecord[],
  passed: boolean,
): boolean {
  const { found, durable } = problem;
  const over = left.every((record) => record.outcome === 'info');
  if (found === undefined || durable === undefined) {
    if (over && (found === undefined || same(store, found))) return true;
  } else {
    if (over && passed) return true;
    const cuttable = !passed && same(store, found) && !left.some((record) => durable.has(record));
    if (cuttable && someOrder(problem, store, left, true)) return true;
  }
  return left.some((record) => {
    if (left.some((other) => other.end < record.invoke)) return false;
    const after = new Map(store);
    const result = play(after, record.operation);
    const isRight =
      record.through !== undefined ||
      (JSON.stringify(result) === JSON.stringify(record.result) && everyViewIsRight(record, store));
    if (record.outcome === 'ok' && !isRight) return false;
    return someOrder(
      problem,
      after,
      left.filter((other) => other !== record),
      passed,
    );
  });
}

/** What was read through a snapshot must be what was there when it was taken. */
function everyViewIsRight({ views = [] }: OperationRecord, store: ReadonlyMap<string, string>): boolean {
  return views.every(
    ({ operation, result }) => JSON.stringify(play(new Map(store), operation)) === JSON.stringify(result),
  );
}

function same(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([key, value]) => right.get(key) === value);
}
