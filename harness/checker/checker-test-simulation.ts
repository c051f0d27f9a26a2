/**
 * For tests: legal histories made by a store that is correct by construction. Each operation takes effect in the
 * store at one instant between its invocation and its answer; a kill stops everything, so what had not taken
 * effect by then never does. A power loss besides takes back the newest effects, but none that is durable: whatever
 * a durable operation that was answered, or whose value was read, had done, and all before it. Uses a plain Map, nothing of the checker.
 */
import type { HistoryEvent } from '../history/event.js';
import { type Random, stream } from '../random.js';
import { type Operation, type Result, type Write, writesOf } from '../workload/operation.js';
import { synced } from './checker-test-history.js';
import type { PowerPromise } from './promise.js';

export interface SimulationSize {
  readonly lives: number;
  /** Operations of each life. */
  readonly operations: number;
  readonly keys: number;
  readonly inFlightMax: number;
  /** Lives also end in power losses, under this promise; undefined: only in kills. */
  readonly promise?: PowerPromise;
}

type State = ReadonlyMap<string, string>;

/** A legal history; a last life observes and ends. */
export function simulatedHistory(seed: number, size: SimulationSize): HistoryEvent[] {
  const random = stream(seed, 'simulated-history');
  let state: State = new Map<string, string>();
  const events: HistoryEvent[] = [];
  for (let life = 0; life < size.lives; life++) {
    events.push({ kind: 'open', life }, observe(life, state, size.keys));
    const { states, durable } = playLife(random, life, size, state, events);
    const power = size.promise !== undefined && random.chance(0.75);
    events.push({
      kind: 'crash',
      life,
      death: power ? { kind: 'power', model: 'posix' } : { kind: 'killed', by: 'itself' },
      planned: 'kill idle',
      fired: true,
    });
    const left = power ? durable + random.below(states.length - durable) : states.length - 1;
    state = states[left] ?? state;
  }
  events.push({ kind: 'open', life: size.lives }, observe(size.lives, state, size.keys));
  return events;
}

interface InFlight {
  readonly index: number;
  readonly operation: Operation;
  result?: Result;
  /** Index of the state that it left. */
  state?: number;
}

/** The states one after another, the first before any operation; `durable` is the index of the oldest that may be found. */
interface LifeStates {
  readonly states: readonly State[];
  readonly durable: number;
}

function playLife(
  random: Random,
  life: number,
  size: SimulationSize,
  base: State,
  events: HistoryEvent[],
): LifeStates {
  const inFlight: InFlight[] = [];
  const store = new Map(base);
  const states: State[] = [base];
  const written: InFlight[] = [];
  let durable = 0;
  let invoked = 0;
  // The kill comes at the latest when everything is answered, and sometimes before.
  for (let moves = random.below(size.operations * 3 + 1) + size.operations; moves > 0; moves--) {
    const choice = random.below(3);
    const one = inFlight.length === 0 ? undefined : random.pick(inFlight);
    if (choice === 0 && invoked < size.operations && inFlight.length < size.inFlightMax) {
      const value = `${life}.${invoked}`;
      const plain = anyOperation(random, value, size.keys);
      const operation = size.promise === undefined ? plain : withLevel(random, plain);
      inFlight.push({ index: invoked, operation });
      events.push({ kind: 'invoke', life, index: invoked++, operation });
    } else if (choice === 1 && one !== undefined && one.result === undefined) {
      one.result = play(store, one.operation);
      one.state = states.push(new Map(store)) - 1;
      if (writesOf(one.operation).length > 0) written.push(one);
    } else if (choice === 2 && one?.result !== undefined) {
      inFlight.splice(inFlight.indexOf(one), 1);
      events.push({ kind: 'ok', life, index: one.index, result: one.result });
      for (const known of [one, ...written.filter(({ operation }) => isShown(operation, one.result))]) {
        if (isDurable(known.operation, size.promise)) durable = Math.max(durable, known.state ?? 0);
      }
    }
  }
  return { states, durable };
}

/** Whether an answer shows a value that this operation has written. */
function isShown(operation: Operation, result: Result = {}): boolean {
  const shown =
    'value' in result ? [result.value] : 'pairs' in result ? result.pairs.map(([, value]) => value) : [];
  return writesOf(operation).some((write) => write.kind === 'put' && shown.includes(write.value));
}

function withLevel(random: Random, operation: Operation): Operation {
  if (writesOf(operation).length === 0) {
    if (!random.chance(0.3)) return operation;
    return { kind: random.pick(['sync', 'flush', 'compact'] as const) };
  }
  return random.chance(0.7) ? operation : synced(operation, random.chance(0.5));
}

function isDurable(operation: Operation, promise: PowerPromise | undefined): boolean {
  if (['sync', 'flush', 'compact'].includes(operation.kind)) return true;
  if (operation.kind === 'get' || operation.kind === 'scan') return false;
  return 'sync' in operation ? operation.sync === true : promise?.power === 'acked';
}

function anyOperation(random: Random, value: string, keys: number): Operation {
  const key = keyName(random.below(keys));
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      return { kind: 'put', key, value };
    case 3:
      return { kind: 'delete', key };
    case 4:
      return { kind: 'batch', writes: anyWrites(random, value, keys) };
    case 5:
      return random.chance(0.5) ? { kind: 'scan' } : { kind: 'scan', gte: key, limit: 1 + random.below(3) };
    default:
      return { kind: 'get', key };
  }
}

function anyWrites(random: Random, value: string, keys: number): Write[] {
  const chosen = Array.from({ length: keys }, (_, key) => keyName(key)).filter(() => random.chance(0.6));
  return chosen.map((key) =>
    random.chance(0.75) ? { kind: 'put', key, value: `${value}/${key}` } : { kind: 'delete', key },
  );
}

/** Plays an operation on a plain map. */
export function play(store: Map<string, string>, operation: Operation): Result {
  for (const write of writesOf(operation)) {
    if (write.kind === 'put') store.set(write.key, write.value);
    else store.delete(write.key);
  }
  if (operation.kind === 'get') return { value: store.get(operation.key) ?? null };
  if (operation.kind !== 'scan') return {};
  const { gte = '', lt, limit } = operation;
  const inRange = [...store].filter(([key]) => key >= gte && (lt === undefined || key < lt));
  return { pairs: inRange.sort(([left], [right]) => (left < right ? -1 : 1)).slice(0, limit) };
}

function observe(life: number, store: State, keys: number): HistoryEvent {
  const names = Array.from({ length: keys }, (_, key) => keyName(key)).sort();
  return {
    kind: 'observe',
    life,
    gets: names.map((key) => [key, store.get(key) ?? null] as const),
    scan: [...store].sort(([left], [right]) => (left < right ? -1 : 1)),
    errors: [],
    files: { onDisk: [], live: [], pending: [], obsolete: [] },
  };
}

function keyName(number: number): string {
  return `k${number}`;
}
