/**
 * The model: what a correct key-value store would do, one operation at a time. Pure: a step gives a new state and
 * leaves the old one as it was.
 */
import {
  type Bounds,
  type Operation,
  type Pair,
  type Result,
  type Write,
  writesOf,
} from '../workload/operation.js';

/** An immutable map from keys to values. Two states of one space hold the same pairs if and only if their ids are equal. */
export interface State {
  readonly id: number;
  read(key: string): string | null;
  /** The pairs within the bounds in byte order, or against it, at most `limit` of them. */
  pairs(bounds: Bounds, reverse: boolean, limit: number): readonly Pair[];
  write(write: Write): State;
}

/** Plays an operation: the state that it leaves and the answer that it must give. */
export function step(state: State, operation: Operation): { readonly state: State; readonly result: Result } {
  switch (operation.kind) {
    case 'put':
    case 'delete':
    case 'batch': {
      let after = state;
      for (const write of writesOf(operation)) after = after.write(write);
      return { state: after, result: {} };
    }
    case 'get':
      return { state, result: { value: state.read(operation.key) } };
    case 'get-many':
      return { state, result: { values: operation.keys.map((key) => state.read(key)) } };
    case 'scan': {
      const { reverse = false, limit = Infinity } = operation;
      return { state, result: { pairs: state.pairs(operation, reverse, limit) } };
    }
    case 'snapshot':
    case 'release':
    case 'sync':
    case 'flush':
    case 'compact':
    case 'open-again':
      return { state, result: {} };
  }
}

/** True if an answer says what the model says. Fields that the model does not know are ignored. */
export function sameResult(expected: Result, given: Result): boolean {
  if ('value' in expected) return 'value' in given && given.value === expected.value;
  if ('values' in expected) {
    const { values } = expected;
    return (
      'values' in given &&
      given.values.length === values.length &&
      values.every((value, index) => given.values[index] === value)
    );
  }
  if (!('pairs' in expected)) return true;
  if (!('pairs' in given) || given.pairs.length !== expected.pairs.length) return false;
  return expected.pairs.every(([key, value], index) => {
    const pair = given.pairs[index];
    return pair !== undefined && pair[0] === key && pair[1] === value;
  });
}
