/**
 * For tests: legal histories made by a store that is correct by construction. Each operation takes effect in the
 * store at one instant between its invocation and its answer; a kill stops everything, so what had not taken
 * effect by then never does. A power loss besides takes back the newest effects, but none that is durable: whatever
 * a durable operation that was answered, or whose value was read, had done, and all before it. Uses a plain Map, nothing of the checker.
 */
import type { HistoryEvent } from '../history/event.js';
import { type Random, stream } from '../random.js';
import { type Operation, type Result, type Write, valuesIn, writesOf } from '../workload/operation.js';
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
  /** The snapshot that it reads through, if that is not the present. */
  readonly through?: Held;
  /** The snapshot that it takes. */
  readonly taken?: Held;
}

interface Held {
  /** Missing until its operation takes effect. */
  state?: Map<string, string>;
}

/** As in the driver, the order of the invocations alone decides which snapshot a number means. */
function bound(operation: Operation, snapshots: Map<number, Held>): Pick<InFlight, 'through' | 'taken'> {
  if (!('snapshot' in operation) || operation.snapshot === undefined) return {};
  const { snapshot } = operation;
  if (operation.kind === 'release') {
    snapshots.delete(snapshot);
    return {};
  }
  if (operation.kind === 'snapshot') {
    const taken: Held = {};
    snapshots.set(snapshot, taken);
    return { taken };
  }
  const through = snapshots.get(snapshot);
  return through === undefined ? {} : { through };
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
  const snapshots = new Map<number, Held>();
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
      inFlight.push({ index: invoked, operation, ...bound(operation, snapshots) });
      events.push({ kind: 'invoke', life, index: invoked++, operation });
    } else if (choice === 1 && one !== undefined && one.result === undefined) {
      // Nothing can be read through a snapshot before it is taken.
      if (one.through !== undefined && one.through.state === undefined) continue;
      one.result = play(one.through?.state ?? store, one.operation);
      if (one.taken !== undefined) one.taken.state = new Map(store);
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
  const shown = valuesIn(result);
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
  if (writesOf(operation).length === 0) return false;
  return 'sync' in operation ? operation.sync === true : promise?.power === 'acked';
}

function anyOperation(random: Random, value: string, keys: number): Operation {
  const key = keyName(random.below(keys));
  switch (random.below(10)) {
    case 8:
      return { kind: random.pick(['snapshot', 'snapshot', 'release'] as const), snapshot: random.below(2) };
    case 9:
      return throughSnapshot(anyRead(random, key, keys), random.below(2));
    case 0:
    case 1:
    case 2:
      return { kind: 'put', key, value };
    case 3:
      return { kind: 'delete', key };
    case 4:
      return { kind: 'batch', writes: anyWrites(random, value, keys) };
    default:
      return anyRead(random, key, keys);
  }
}

type Read = Extract<Operation, { readonly kind: 'get' | 'get-many' | 'scan' }>;

function anyRead(random: Random, key: string, keys: number): Read {
  switch (random.below(6)) {
    case 0:
      return { kind: 'scan' };
    case 1:
      return { kind: 'scan', gte: key, limit: 1 + random.below(3) };
    case 2:
      return { kind: 'scan', lte: key, reverse: true, limit: 1 + random.below(3) };
    case 3:
      return { kind: 'get-many', keys: [key, keyName(random.below(keys))] };
    default:
      return { kind: 'get', key };
  }
}

function throughSnapshot(read: Read, snapshot: number): Operation {
  return { ...read, snapshot };
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
  if (operation.kind === 'get-many') return { values: operation.keys.map((key) => store.get(key) ?? null) };
  if (operation.kind !== 'scan') return {};
  const { gte = '', gt = '', lte, lt, limit, reverse = false } = operation;
  const inRange = [...store]
    .filter(([key]) => key >= gte && key > gt)
    .filter(([key]) => (lt === undefined || key < lt) && (lte === undefined || key <= lte))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  return { pairs: (reverse ? inRange.reverse() : inRange).slice(0, limit) };
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
