/**
 * A stretch is what lies between two observations: a known state, the operations of one life, and (unless the
 * history ends) the state that was found afterwards. An observation fixes everything that came before it, so
 * each stretch is a problem of its own and no search ever spans two lives.
 *
 * The first stretch has no operations: it says that a new database is empty. Lives that ended before they could
 * be observed have no operations either and vanish between two observations.
 */
import type { Observation } from '../history/event.js';
import { type Write, writesOf } from '../workload/operation.js';
import { durableOperations } from './durable.js';
import type { LifeRecord, OperationRecord } from './lives.js';
import { DEFAULT_PROMISE, type PowerPromise } from './promise.js';

export type KeyValues = ReadonlyMap<string, string>;

export interface Stretch {
  /** The life whose operations these are; for the first stretch the life that was observed first. */
  readonly life: number;
  /** undefined if the observation contradicts itself and so says nothing. */
  readonly base: KeyValues | undefined;
  readonly operations: readonly OperationRecord[];
  /** The observation at its end; undefined if there was none. */
  readonly found: FoundState | undefined;
  /** If the power failed before that: the operations that must not be lost. undefined: no answered one may be. */
  readonly durable: ReadonlySet<OperationRecord> | undefined;
}

export interface FoundState {
  readonly life: number;
  /** undefined if the observation contradicts itself. */
  readonly state: KeyValues | undefined;
}

/** The stretches of a history in order, one for each observation and one for the empty beginning. */
export function stretchesOf(
  lives: readonly LifeRecord[],
  promise: PowerPromise = DEFAULT_PROMISE,
): readonly Stretch[] {
  const observed = lives.flatMap(({ life, observation, operations }) =>
    observation === undefined ? [] : [{ life, state: observedState(observation), operations }],
  );
  const first = observed[0];
  if (first === undefined) return [];
  return [
    { life: first.life, base: new Map(), operations: [], found: first, durable: undefined },
    ...observed.map(({ life, state, operations }, index): Stretch => {
      const found = observed[index + 1];
      const durable = powerFailed(lives, life, found?.life)
        ? durableOperations(operations, promise)
        : undefined;
      return { life, base: state, operations, found, durable };
    }),
  ];
}

/** True if the power failed in a life from `first` to before `before`: what a kill had left can still be lost then. */
function powerFailed(lives: readonly LifeRecord[], first: number, before = Infinity): boolean {
  return lives.some(({ life, powerFailed }) => powerFailed && life >= first && life < before);
}

/** What an observation says the database holds, or undefined if a read failed or the reads disagree. */
export function observedState(observation: Observation): KeyValues | undefined {
  if (observation.errors.length > 0 || !ascending(observation.scan.map(([key]) => key))) return undefined;
  const state = new Map(observation.scan);
  const agree = observation.gets.every(([key, value]) => (state.get(key) ?? null) === value);
  return agree ? state : undefined;
}

/** True if the keys ascend strictly in byte order. */
export function ascending(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') < key);
}

/** What an operation leaves behind for each key it writes: the last of its writes to that key. */
export function effectsOf(operation: OperationRecord): ReadonlyMap<string, string | null> {
  return new Map(writesOf(operation.operation).map((write) => [write.key, writtenValue(write)]));
}

function writtenValue(write: Write): string | null {
  return write.kind === 'put' ? write.value : null;
}
