import type { PowerPromise } from '../checker/promise.js';
import { type Operation, type Result, type Write, valuesIn, writesOf } from '../workload/operation.js';
import { contentText } from './inspect.js';
import type { RecordedLife } from './record-life.js';

/**
 * What a crash at any moment of a recorded life may leave, worked out once: the contents after each write in the order
 * in which the writes were asked for, and for each moment the first and the last of them that are legal. That order is
 * one in which the engine may have done them; where it did them otherwise the exact judge has the last word, so this
 * quick answer is only ever 'legal' or 'do not know'.
 *
 * It does not see a life in which a read showed two overlapping writes in the other order: a content that fits the order
 * in which they were asked for is called legal then, though with that read no cut explains it.
 */
export class Demands {
  readonly #contents = new Map<string, number[]>();
  readonly #moments: readonly Moment[];

  constructor(
    recorded: RecordedLife,
    base: ReadonlyMap<string, string>,
    keys: readonly string[],
    promise: PowerPromise,
  ) {
    const events = recorded.events.map((event, index) => ({ event, at: recorded.positions[index] ?? 0 }));
    const failed = new Set(recorded.events.flatMap((event) => (event.kind === 'fail' ? [event.index] : [])));
    const state = new Map(base);
    const add = (count: number): void => {
      const text = contentText(keys.map((key) => state.get(key) ?? null));
      const known = this.#contents.get(text);
      if (known === undefined) this.#contents.set(text, [count]);
      else known.push(count);
    };
    add(0);
    const places = new Map<number, Place>();
    const writers = new Map<string, Place>();
    const moments: Moment[] = [{ at: -1, asked: 0, happened: 0, durable: 0 }];
    let asked = 0;
    let happened = 0;
    let durable = 0;
    for (const { event, at } of events) {
      if (event.kind === 'invoke') {
        const writes = failed.has(event.index) ? [] : writesOf(event.operation);
        if (writes.length > 0) {
          for (const write of writes) applyWrite(state, write);
          asked++;
          add(asked);
        }
        // A sync covers what had happened before it was asked for.
        const place = { operation: event.operation, write: writes.length > 0 ? asked : 0, covers: happened };
        places.set(event.index, place);
        for (const write of writes) if (write.kind === 'put') writers.set(write.value, place);
      } else if (event.kind === 'ok') {
        const place = places.get(event.index);
        if (place === undefined) continue;
        // What was read before it was answered has happened, so it must stay as what was answered must.
        for (const known of [place, ...writersRead(event.result, writers)]) {
          happened = Math.max(happened, known.write);
          durable = Math.max(durable, durableAfter(known, promise));
        }
      } else continue;
      moments.push({ at, asked, happened, durable });
    }
    this.#moments = moments;
  }

  /**
   * The demands at a moment: `steps` were done, and what was said before the next one was said. A content is legal if
   * one of its places lies from `first` to `last`; `killFirst` is the first one if only the process dies.
   */
  at(steps: number): { readonly first: number; readonly killFirst: number; readonly last: number } {
    let low = 0;
    let high = this.#moments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#moments[middle]?.at ?? 0) <= steps) low = middle;
      else high = middle - 1;
    }
    const moment = this.#moments[low];
    return { first: moment?.durable ?? 0, killFirst: moment?.happened ?? 0, last: moment?.asked ?? 0 };
  }

  /** The numbers of writes after which the database holds this; empty if it never does. Ascending. */
  placesOf(content: string): readonly number[] {
    return this.#contents.get(content) ?? [];
  }
}

interface Moment {
  readonly at: number;
  readonly asked: number;
  readonly happened: number;
  readonly durable: number;
}

interface Place {
  readonly operation: Operation;
  /** How many writes are asked for with this one; 0 if it writes nothing. */
  readonly write: number;
  /** Writes that had been answered or read when it was asked for. */
  readonly covers: number;
}

function durableAfter({ operation, write, covers }: Place, promise: PowerPromise): number {
  switch (operation.kind) {
    case 'put':
    case 'delete':
    case 'batch':
      return isDurable(operation, promise) ? write : 0;
    case 'sync':
    case 'flush':
    case 'compact':
      return covers;
    case 'get':
    case 'get-many':
    case 'scan':
    case 'snapshot':
    case 'release':
    case 'open-again':
      return 0;
  }
}

/** The operations whose values this answer shows. Values are unique, so each names its write. */
function writersRead(result: Result, writers: ReadonlyMap<string, Place>): readonly Place[] {
  return valuesIn(result).flatMap((value) => (value === null ? [] : (writers.get(value) ?? [])));
}

function isDurable(operation: { readonly sync?: boolean }, promise: PowerPromise): boolean {
  return operation.sync ?? promise.power === 'acked';
}

function applyWrite(state: Map<string, string>, write: Write): void {
  if (write.kind === 'put') state.set(write.key, write.value);
  else state.delete(write.key);
}
