/** For tests: writes a history event by event, as a driver would have. */
import type { Death, HistoryEvent, Observation } from '../history/event.js';
import type { Operation, Result } from '../workload/operation.js';

const NO_FILES = { onDisk: [], live: [], pending: [], obsolete: [] };

export class HistoryBuilder {
  readonly events: HistoryEvent[] = [];
  #life = -1;
  #index = 0;

  /** Begins the next life, whose observation shows this state; the rest of the observation can be replaced. */
  life(state: Readonly<Record<string, string>> = {}, observation: Partial<Observation> = {}): this {
    this.begin();
    const scan = Object.entries(state).sort(([left], [right]) => (left < right ? -1 : 1));
    return this.add(
      { kind: 'open', life: this.#life },
      {
        kind: 'observe',
        life: this.#life,
        gets: ['a', 'b', 'c'].map((key) => [key, state[key] ?? null] as const),
        scan,
        errors: [],
        files: NO_FILES,
        ...observation,
      },
    );
  }

  /** Begins a life that never gets to its observation. */
  begin(): this {
    this.#life++;
    this.#index = 0;
    return this;
  }

  /** An operation that is answered before anything else happens. */
  ok(operation: Operation, result: Result = {}): this {
    return this.invoke(operation).answer(this.#index - 1, result);
  }

  invoke(operation: Operation): this {
    return this.add({ kind: 'invoke', life: this.#life, index: this.#index++, operation });
  }

  answer(index: number, result: Result = {}): this {
    return this.add({ kind: 'ok', life: this.#life, index, result });
  }

  fail(operation: Operation, message = 'disk full'): this {
    this.invoke(operation);
    const error = { code: 'ENGINE_IO', message };
    return this.add({ kind: 'fail', life: this.#life, index: this.#index - 1, error });
  }

  crash(death: Death = { kind: 'killed', by: 'itself' }): this {
    const planned = 'kill after manifest/rename #2';
    return this.add({ kind: 'crash', life: this.#life, death, planned, fired: true });
  }

  /** The power fails; `left` are the files that are there afterwards. */
  powerLoss(left: readonly string[] = []): this {
    const death: Death = { kind: 'power', model: 'posix' };
    return this.add({ kind: 'crash', life: this.#life, death, planned: 'power idle', fired: true, left });
  }

  fault(fault = 'io-error EIO at wal/fsync #2'): this {
    return this.add({ kind: 'fault', life: this.#life, fault });
  }

  create(path: string): this {
    return this.add({ kind: 'create', life: this.#life, path });
  }

  add(...events: readonly HistoryEvent[]): this {
    this.events.push(...events);
    return this;
  }
}

export function put(key: string, value: string): Operation {
  return { kind: 'put', key, value };
}

export function remove(key: string): Operation {
  return { kind: 'delete', key };
}

/** A batch of puts and, where the value is null, deletes. */
export function batch(writes: Readonly<Record<string, string | null>>): Operation {
  return {
    kind: 'batch',
    writes: Object.entries(writes).map(([key, value]) =>
      value === null ? { kind: 'delete', key } : { kind: 'put', key, value },
    ),
  };
}

export function get(key: string): Operation {
  return { kind: 'get', key };
}

export const SCAN: Operation = { kind: 'scan' };

export const SYNC: Operation = { kind: 'sync' };

/** A write that asks to be durable, or not to be, whatever the promise is; other operations stay as they are. */
export function synced(operation: Operation, sync = true): Operation {
  const { kind } = operation;
  return kind === 'put' || kind === 'delete' || kind === 'batch' ? { ...operation, sync } : operation;
}
