/**
 * Not linearizable: no legal order exists, though no named check can say why for a single key. The report names
 * the end of the shortest prefix of the life that has no legal order (prefixes of a legal history are legal, so
 * binary search finds it): the answer that makes it impossible, what it read, and what was in flight with it. If
 * only the observation after the life makes it impossible, it names what was written last.
 */
import { type LinearizationProblem, linearizable } from './linearizable.js';
import type { OperationRecord } from './lives.js';
import { readingOf } from './reading.js';
import { type Stretch, effectsOf } from './stretch.js';
import type { Violation } from './verdict.js';
import { recordText } from './wording.js';

/** The violation for a stretch that the exact search has found to be impossible. */
export function notLinearizable(stretch: Stretch, problem: LinearizationProblem): Violation {
  const answer = impossibleAnswer(stretch, problem);
  if (answer !== undefined) return answer;
  const life = stretch.found?.life ?? stretch.life;
  const message = `No order of the operations of life ${stretch.life} leads to what was observed at the start of life ${life}.`;
  return { kind: 'not-linearizable', life, message, operations: named(latest(writesIn(problem))) };
}

/** The violation for an answer that the life itself makes impossible; undefined if all of them are possible. */
export function impossibleAnswer(stretch: Stretch, problem: LinearizationProblem): Violation | undefined {
  const culprit = firstImpossibleAnswer(problem);
  if (culprit === undefined) return undefined;
  const writes = writesIn(problem);
  const read = readingOf(culprit);
  const proof = writes.filter((record) => {
    const inFlight = record.invoke < culprit.end && record.end > culprit.invoke;
    return (
      inFlight ||
      [...effectsOf(record)].some(([key, value]) => value !== null && read?.values.get(key) === value)
    );
  });
  const message = `No order of the operations of life ${stretch.life} explains the answer of ${recordText(culprit)}.`;
  const operations = named([...latest(proof.filter((record) => record !== culprit)), culprit]);
  return { kind: 'not-linearizable', life: stretch.life, message, operations };
}

const NAMED_MAX = 16;
const PREFIX_STEPS_MAX = 200_000;

/** The operation whose answer ends the shortest impossible prefix; undefined if the whole life is possible. */
function firstImpossibleAnswer(problem: LinearizationProblem): OperationRecord | undefined {
  const answered = problem.operations
    .filter((record) => record.outcome === 'ok')
    .sort((left, right) => left.end - right.end);
  let low = 0;
  let high = answered.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isImpossible(problem, answered[middle]?.end ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return answered[low];
}

function writesIn({ operations }: LinearizationProblem): readonly OperationRecord[] {
  return operations.filter((record) => record.outcome !== 'fail' && effectsOf(record).size > 0);
}

/** True if the history up to and including the answer at `end` has no legal order. */
function isImpossible({ base, operations }: LinearizationProblem, end: number): boolean {
  const prefix = operations
    .filter((record) => record.invoke < end)
    .map((record) => (record.end <= end ? answeredBy(record, end) : unanswered(record)));
  return (
    linearizable({ base, operations: prefix, found: undefined, durable: undefined }, PREFIX_STEPS_MAX) ===
    'no'
  );
}

/** Without what was read later through a snapshot that was taken before. */
function answeredBy(record: OperationRecord, end: number): OperationRecord {
  const { views, ...taken } = record;
  return views === undefined ? record : { ...taken, views: views.filter((view) => view.end <= end) };
}

function unanswered({ name, operation, invoke, outcome }: OperationRecord): OperationRecord {
  return { name, operation, invoke, end: Infinity, outcome: outcome === 'fail' ? 'fail' : 'info' };
}

function latest(records: readonly OperationRecord[]): readonly OperationRecord[] {
  return [...records].sort((left, right) => left.invoke - right.invoke).slice(-NAMED_MAX);
}

function named(records: readonly OperationRecord[]): OperationRecord['name'][] {
  return records.map((record) => record.name);
}
