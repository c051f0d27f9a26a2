/**
 * For tests: the definition of linearizability, tried out. Every order of every choice of unanswered operations
 * that keeps real time, played on a plain map. Shares nothing with the search but the shape of its problem.
 */
import type { LinearizationProblem } from './linearizable.js';
import type { OperationRecord } from './lives.js';
import { play } from './checker-test-simulation.js';

/** True if some legal order exists. Takes time that grows with the factorial of the number of operations. */
export function bruteForceLinearizable({ base, operations, found }: LinearizationProblem): boolean {
  const able = operations.filter((record) => record.outcome !== 'fail');
  return someOrder(new Map(base), able, found);
}

function someOrder(
  store: Map<string, string>,
  left: readonly OperationRecord[],
  found: ReadonlyMap<string, string> | undefined,
): boolean {
  if (left.every((record) => record.outcome === 'info') && (found === undefined || same(store, found)))
    return true;
  return left.some((record) => {
    if (left.some((other) => other.end < record.invoke)) return false;
    const after = new Map(store);
    const result = play(after, record.operation);
    if (record.outcome === 'ok' && JSON.stringify(result) !== JSON.stringify(record.result)) return false;
    return someOrder(
      after,
      left.filter((other) => other !== record),
      found,
    );
  });
}

function same(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return left.size === right.size && [...left].every(([key, value]) => right.get(key) === value);
}
