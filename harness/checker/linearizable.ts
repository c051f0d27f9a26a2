/**
 * The exact check of one stretch: is there an order of its operations in which each takes effect between its
 * invocation and its answer, every answer is what the model says, every acknowledged write takes effect, every
 * unanswered one does so before the crash or never, and the state at the end is the one that was found?
 *
 * Wing & Gong's depth-first search ("Testing and verifying concurrent objects", 1993) with Lowe's memory of
 * (operations taken, state) pairs (2017), on the joint state of all keys, because batches and scans tie keys
 * together. "Before the crash or never" is strict linearizability (Aguilera & Frolund, 2003).
 *
 * Before the search the intervals are narrowed by what the values prove (narrow.ts), which decides most histories.
 * Two kinds of moves need no alternatives, which makes nearly sequential histories a straight walk: a read that
 * is right as things stand, and a write that commutes with everything it could swap with (foresight.ts).
 *
 * After a power loss the state that was found need not be the last one; it is then what one more reader read (cut.ts).
 */
import { withCut } from './cut.js';
import { Foresight, type Progress } from './foresight.js';
import { step, sameResult, type State } from './model.js';
import type { OperationRecord } from './lives.js';
import { narrow } from './narrow.js';
import { PendingList } from './pending-list.js';
import { disagreement } from './reading.js';
import { NODES_MAX, PersistentArrays } from './persistent-array.js';
import { type SearchOperation, searchOperations } from './search-operations.js';
import { StateSpace } from './state-space.js';
import type { KeyValues } from './stretch.js';

export interface LinearizationProblem {
  /** The state before the first operation. */
  readonly base: KeyValues;
  /** The operations of one life in the order of their invocation. */
  readonly operations: readonly OperationRecord[];
  /** The state after the last one; undefined if nobody looked. */
  readonly found: KeyValues | undefined;
  /** If the power failed: these must stand before some cut of the order, and `found` is the state at that cut. */
  readonly durable: ReadonlySet<OperationRecord> | undefined;
}

export const SEARCH_STEPS_MAX = 2_000_000;
/** Trie nodes, about 50 bytes each. */
const SEARCH_NODES_MAX = 8_000_000;

/** 'unknown' means that the search gave up after `stepsMax` moves or when its memory was full. */
export function linearizable(
  problem: LinearizationProblem,
  stepsMax = SEARCH_STEPS_MAX,
): 'yes' | 'no' | 'unknown' {
  const { base, found, durable } = problem;
  if (problem.operations.some((record) => disagreement(record) !== undefined)) return 'no';
  const written = searchOperations(problem.operations, found);
  if (found !== undefined && !untouched(base, found, written)) return 'no';
  const cut = durable !== undefined && found !== undefined;
  const wide = cut ? withCut(written, durable, found) : written;
  const last = cut ? undefined : found;
  const operations = narrow(wide, base, last);
  if (operations === undefined) return 'no';
  const space = new StateSpace(keysOf(problem, operations));
  return new Search(operations, space, base, last).run(stepsMax);
}

interface Move {
  readonly number: number;
  /** Nothing else need be tried in its place. */
  readonly forced: boolean;
  readonly stateBefore: State;
  readonly takenBefore: number;
}

class Search {
  readonly #operations: readonly SearchOperation[];
  readonly #space: StateSpace;
  readonly #pending: PendingList;
  readonly #foresight: Foresight;
  readonly #sets: PersistentArrays;
  readonly #visited = new Set<number>();
  readonly #moves: Move[] = [];
  readonly #progress: Progress;
  #state: State;
  /** The set of operations taken, as a root in #sets. */
  #taken = 0;
  /** Id of the state that the last operation must leave; undefined if any will do. */
  readonly #last: number | undefined;
  /** How many operations that must be before the cut are not yet in the order. */
  #beforeCut: number;

  constructor(
    operations: readonly SearchOperation[],
    space: StateSpace,
    base: KeyValues,
    last: KeyValues | undefined,
  ) {
    this.#operations = operations;
    this.#space = space;
    this.#pending = new PendingList(operations);
    this.#foresight = new Foresight(operations, last);
    this.#sets = new PersistentArrays(operations.length);
    this.#progress = { taken: new Uint8Array(operations.length), frontier: this.#pending.frontier() };
    this.#state = space.of(base);
    this.#last = last === undefined ? undefined : space.of(last).id;
    this.#beforeCut = operations.filter(({ cut }) => cut === 'before').length;
  }

  run(stepsMax: number): 'yes' | 'no' | 'unknown' {
    const done = (): boolean =>
      this.#pending.required === 0 && (this.#last === undefined || this.#state.id === this.#last);
    let candidate: number | undefined;
    let steps = 0;
    for (;;) {
      if (done()) return 'yes';
      const forced = candidate === undefined ? this.#forcedMove() : undefined;
      const moved =
        forced === undefined ? this.#tryFrom(candidate ?? this.#pending.first()) : this.#try(forced, true);
      candidate = undefined;
      if (moved) {
        steps++;
        const nodes = this.#space.nodeCount + this.#sets.nodeCount;
        if (steps >= stepsMax || nodes >= SEARCH_NODES_MAX) return 'unknown';
        continue;
      }
      while (candidate === undefined) {
        const undone = this.#undo();
        if (undone === undefined) return 'no';
        if (!undone.forced) candidate = this.#pending.after(undone.number);
      }
    }
  }

  /** A move that can be made without trying any other: a read that is right now, or a write that commutes. */
  #forcedMove(): number | undefined {
    let commuting: number | undefined;
    for (let number = this.#pending.first(); number !== undefined; number = this.#pending.after(number)) {
      const operation = this.#operation(number);
      if (operation.reading !== undefined) {
        if (this.#isRight(operation)) return number;
      } else if (operation.required && commuting === undefined) {
        if (this.#foresight.commutes(number, this.#progress)) commuting = number;
      }
    }
    return commuting;
  }

  /** Makes the first possible move from this candidate on; false if there is none. */
  #tryFrom(candidate: number | undefined): boolean {
    for (let number = candidate; number !== undefined; number = this.#pending.after(number)) {
      if (this.#try(number, false)) return true;
    }
    return false;
  }

  #try(number: number, forced: boolean): boolean {
    const operation = this.#operation(number);
    if (operation.reading !== undefined && !this.#isRight(operation)) return false;
    if (this.#foresight.dooms(number, this.#state, this.#progress)) return false;
    const state = step(this.#state, operation.record.operation).state;
    const taken = this.#sets.with(this.#taken, number, 1);
    const visit = taken * NODES_MAX + state.id;
    if (this.#visited.has(visit)) return false;
    this.#visited.add(visit);
    this.#moves.push({ number, forced, stateBefore: this.#state, takenBefore: this.#taken });
    this.#pending.take(number);
    this.#progress.taken[number] = 1;
    if (operation.cut === 'before') this.#beforeCut--;
    this.#progress.frontier = this.#pending.frontier();
    this.#state = state;
    this.#taken = taken;
    return true;
  }

  #undo(): Move | undefined {
    const move = this.#moves.pop();
    if (move === undefined) return undefined;
    this.#pending.putBack(move.number);
    this.#progress.taken[move.number] = 0;
    if (this.#operation(move.number).cut === 'before') this.#beforeCut++;
    this.#progress.frontier = this.#pending.frontier();
    this.#state = move.stateBefore;
    this.#taken = move.takenBefore;
    return move;
  }

  #isRight({ record, cut }: SearchOperation): boolean {
    if (cut === 'at' && this.#beforeCut > 0) return false;
    return (record.views ?? [record]).every(
      ({ operation, result }) =>
        result !== undefined && sameResult(step(this.#state, operation).result, result),
    );
  }

  #operation(number: number): SearchOperation {
    const operation = this.#operations[number];
    if (operation === undefined) throw new Error(`There is no operation ${number} in this search.`);
    return operation;
  }
}

/** True if the keys that nobody writes are in both states the same. */
function untouched(base: KeyValues, found: KeyValues, operations: readonly SearchOperation[]): boolean {
  const written = new Set(operations.flatMap(({ effects }) => [...effects.keys()]));
  return [...base.keys(), ...found.keys()].every(
    (key) => written.has(key) || base.get(key) === found.get(key),
  );
}

function keysOf(problem: LinearizationProblem, operations: readonly SearchOperation[]): Set<string> {
  const keys = new Set<string>([...problem.base.keys(), ...(problem.found?.keys() ?? [])]);
  for (const { effects } of operations) for (const key of effects.keys()) keys.add(key);
  return keys;
}
