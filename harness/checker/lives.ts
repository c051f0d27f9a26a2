/**
 * A history taken apart: one record per life, one record per operation with its place in real time. Places are
 * indexes into the history, so `a.end < b.invoke` means that a was answered before b was asked.
 *
 * A history that no driver could have written (an answer without a question, a life that comes back, a value
 * written twice) is refused with a HistoryError: nothing is judged on a record that cannot be true.
 */
import type { HistoryEvent, Observation, OperationError } from '../history/event.js';
import type { OperationName } from '../workload/case.js';
import { type Operation, type Result, operationText, writesOf } from '../workload/operation.js';
import { withViews } from './views.js';

/** The history contradicts itself; the message names the event. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
}

/** An operation and what became of it. */
export interface OperationRecord {
  readonly name: OperationName;
  readonly operation: Operation;
  /** Index of its invocation in the history. */
  readonly invoke: number;
  /** Index of its `ok` or `fail`; Infinity if there is none. */
  readonly end: number;
  /** 'info': in flight when its life ended, or answered with an error that leaves the outcome open. */
  readonly outcome: 'ok' | 'fail' | 'info';
  /** Present if and only if the outcome is 'ok'. */
  readonly result?: Result;
  readonly error?: OperationError;
  /** Of an answered read through a snapshot that was held then: the operation that took it. */
  readonly through?: { readonly invoke: number; readonly end: number };
  /** Of the operation that took a snapshot: the answered reads through it. */
  readonly views?: readonly OperationRecord[];
}

export interface LifeRecord {
  readonly life: number;
  /** Missing if the life ended before it could be observed. */
  readonly observation?: Observation;
  /** In the order of their invocation. */
  readonly operations: readonly OperationRecord[];
  /** True if it ended in a power loss, which may take what no sync had forced to the disk. */
  readonly powerFailed: boolean;
}

/** Takes a history apart. Throws a HistoryError if it contradicts itself. */
export function livesOf(history: readonly HistoryEvent[]): readonly LifeRecord[] {
  const lives: OpenLife[] = [];
  for (const [place, event] of history.entries()) {
    let current = lives.at(-1);
    if (current === undefined || event.life > current.life) {
      current = { life: event.life, operations: new Map(), ended: false, powerFailed: false };
      lives.push(current);
    } else if (event.life < current.life) {
      refuse(place, event, `life ${current.life} had already begun`);
    }
    record(current, place, event);
  }
  const records = lives.map(closed);
  refuseRepeatedValues(records);
  return records;
}

/** Names a value of a key; values are unique, so it names the write too. */
export function valueName(key: string, value: string): string {
  return `${key.length}:${key}${value}`;
}

interface OpenLife {
  readonly life: number;
  observation?: Observation;
  readonly operations: Map<number, OperationRecord>;
  ended: boolean;
  powerFailed: boolean;
}

function record(life: OpenLife, place: number, event: HistoryEvent): void {
  switch (event.kind) {
    case 'observe':
      if (life.observation !== undefined) refuse(place, event, 'the life was already observed');
      if (life.operations.size > 0) refuse(place, event, 'operations were invoked before');
      life.observation = event;
      return;
    case 'invoke':
      if (life.ended) refuse(place, event, 'the life had ended');
      if (life.observation === undefined) refuse(place, event, 'the life was not observed before');
      if (life.operations.has(event.index)) refuse(place, event, 'this index was already invoked');
      life.operations.set(event.index, {
        name: { life: event.life, index: event.index },
        operation: event.operation,
        invoke: place,
        end: Infinity,
        outcome: 'info',
      });
      return;
    case 'ok':
    case 'fail':
    case 'info':
      answer(life, place, event);
      return;
    case 'crash':
    case 'close':
      if (life.ended) refuse(place, event, 'the life had ended');
      life.ended = true;
      life.powerFailed = event.kind === 'crash' && event.death.kind === 'power';
      return;
    case 'open':
    case 'open-failed':
    case 'create':
    case 'settled':
    case 'hang':
    case 'fault':
      return;
  }
}

type Answer = Extract<HistoryEvent, { readonly kind: 'ok' | 'fail' | 'info' }>;

function answer(life: OpenLife, place: number, event: Answer): void {
  const asked = life.operations.get(event.index);
  if (asked === undefined) return refuse(place, event, 'the operation was not invoked');
  if (asked.end !== Infinity || asked.error !== undefined) refuse(place, event, 'it was already answered');
  if (event.kind === 'info') {
    if (event.error !== undefined) life.operations.set(event.index, { ...asked, error: event.error });
    return;
  }
  if (life.ended) refuse(place, event, 'the life had ended');
  if (event.kind === 'fail') {
    life.operations.set(event.index, { ...asked, end: place, outcome: 'fail', error: event.error });
    return;
  }
  const expected = RESULT_FIELDS[asked.operation.kind];
  if (expected !== undefined && !(expected in event.result))
    refuse(place, event, `its result has no ${expected}`);
  life.operations.set(event.index, { ...asked, end: place, outcome: 'ok', result: event.result });
}

const RESULT_FIELDS: Readonly<Partial<Record<Operation['kind'], string>>> = {
  get: 'value',
  'get-many': 'values',
  scan: 'pairs',
  'open-again': 'locked',
};

function closed(life: OpenLife): LifeRecord {
  const { powerFailed, observation } = life;
  const record = { life: life.life, operations: withViews([...life.operations.values()]), powerFailed };
  return observation === undefined ? record : { ...record, observation };
}

function refuseRepeatedValues(lives: readonly LifeRecord[]): void {
  const seen = new Map<string, OperationRecord>();
  for (const operation of lives.flatMap((life) => life.operations)) {
    for (const write of writesOf(operation.operation)) {
      if (write.kind === 'delete') continue;
      const name = valueName(write.key, write.value);
      const other = seen.get(name);
      if (other !== undefined) {
        throw new HistoryError(
          `Expected unique values, but ${operationText(other.operation)} and ${operationText(operation.operation)} write the same one.`,
        );
      }
      seen.set(name, operation);
    }
  }
}

function refuse(place: number, event: HistoryEvent, reason: string): never {
  const index = 'index' in event ? ` of operation ${event.index}` : '';
  throw new HistoryError(
    `Event ${place} (${event.kind}${index} in life ${event.life}) cannot follow what came before: ${reason}.`,
  );
}
