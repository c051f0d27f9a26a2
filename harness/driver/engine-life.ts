import { Engine, EngineError, type Environment, type Snapshot } from '../../engine/index.js';
import type { FileObservation, OperationError } from '../history/event.js';
import { type AppliedLife, apply } from './apply.js';
import { observe } from './observe.js';
import type { Answer, FileSize, Request, StepCounts } from './protocol.js';
import { settle } from './turns.js';

/**
 * One life of the engine in this process: open, observe, operations, end. It turns requests into calls and results
 * into answers; where it runs (a child on a real disk, a machine in memory) is its host's matter. Every answer is
 * given before anything that follows from it can happen.
 */
export class EngineLife {
  readonly #host: LifeHost;
  readonly #inFlight = new Map<number, Promise<void>>();
  readonly #applied: AppliedLife;
  #options: Readonly<Record<string, unknown>> = {};
  #engine: Engine | undefined;

  constructor(host: LifeHost) {
    this.#host = host;
    this.#applied = {
      snapshots: new Map<number, Snapshot>(),
      pause: async () => {
        for (let count = 0; count < PAUSES_PER_PAIR; count++) await host.environment.pause();
      },
      isLocked: async () => await isLocked(host.elsewhere(), this.#options),
    };
  }

  /** Does what a request asks; false if the life is over. */
  async serve(request: Request): Promise<boolean> {
    switch (request.kind) {
      case 'open':
        return await this.#open(request.options);
      case 'operation':
        return await this.#start(request);
      case 'observe':
        await this.#observe(request.keys);
        return true;
      case 'end':
        await this.#end(request.close);
        return false;
    }
  }

  async #open(options: Readonly<Record<string, unknown>>): Promise<boolean> {
    const host = this.#host;
    this.#options = options;
    const opening = settled(Engine.open(host.environment, options));
    if (!(await host.runUntil(() => opening.done))) return this.#hang('open');
    if (opening.error !== undefined) {
      host.answer({ kind: 'open-failed', error: host.describe(opening.error) });
      return false;
    }
    this.#engine = opening.value;
    host.answer({ kind: 'opened' });
    return true;
  }

  async #start(request: Extract<Request, { kind: 'operation' }>): Promise<boolean> {
    const host = this.#host;
    await host.takeTurns(request.turns);
    const idle = (): boolean => this.#inFlight.size === 0;
    if (!request.overlap && !(await host.runUntil(idle))) return this.#hang('operations');
    const { index, operation } = request;
    host.answer({ kind: 'invoke', index });
    // With the parent before anything happens: a process that somebody else kills must not leave writes behind of
    // which the history knows nothing.
    host.flush();
    const done = apply(this.#opened(), operation, this.#applied).then(
      (result) => host.answer({ kind: 'ok', index, result }),
      (error: unknown) => {
        const known = error instanceof EngineError && error.outcome === 'none';
        host.answer({ kind: known ? 'fail' : 'info', index, error: host.describe(error) });
      },
    );
    this.#inFlight.set(
      index,
      done.finally(() => this.#inFlight.delete(index)),
    );
    await settle();
    return true;
  }

  async #observe(keys: readonly string[]): Promise<void> {
    const engine = this.#opened();
    const listing = this.#host.listFiles(engine);
    const seen = await observe(engine, keys, (error) => this.#host.describe(error));
    this.#host.answer({ kind: 'observed', ...seen, ...listing });
  }

  async #end(close: boolean): Promise<void> {
    const host = this.#host;
    const engine = this.#opened();
    if (!(await host.runUntil(() => this.#inFlight.size === 0))) return void this.#hang('operations');
    const settling = settled(engine.settled());
    if (!(await host.runUntil(() => settling.done))) return void this.#hang('operations');
    const { files } = host.listFiles(engine);
    const error = settling.error === undefined ? {} : { error: host.describe(settling.error) };
    host.answer({ kind: 'settled', files, ...error });
    if (!close) {
      host.answer({ kind: 'drained', steps: host.steps() });
      return;
    }
    const closing = settled(engine.close());
    if (!(await host.runUntil(() => closing.done))) return void this.#hang('close');
    // An engine that has said that it failed need not close well.
    if (closing.error !== undefined && settling.error === undefined) throw closing.error as Error;
    host.answer({ kind: 'closed', steps: host.steps() });
  }

  #opened(): Engine {
    if (this.#engine === undefined) throw new Error('Expected the engine to be opened before it is used.');
    return this.#engine;
  }

  #hang(phase: 'open' | 'operations' | 'close'): false {
    this.#host.answer({ kind: 'hang', waiting: [...this.#inFlight.keys()], while: phase });
    return false;
  }
}

/** Where a life runs. */
export interface LifeHost {
  readonly environment: Environment;
  /** The same directory as somebody else has it, who takes no part in the steps of this life. */
  elsewhere(): Environment;
  answer(answer: Answer): void;
  /** Everything answered so far is with whoever asked when this returns. */
  flush(): void;
  /** Lets these background completions through first, where the host decides their order. */
  takeTurns(turns: readonly number[]): Promise<void>;
  /** Lets everything go on until `done`; false if nothing is left that could bring it about. */
  runUntil(done: () => boolean): Promise<boolean>;
  /** The directory and the engine's own account of it, taken at the same instant. */
  listFiles(engine: Engine): { readonly files: FileObservation; readonly sizes: readonly FileSize[] };
  describe(error: unknown): OperationError;
  steps(): StepCounts;
}

/** An error as histories hold it. */
export function codeAndMessage(error: unknown): OperationError {
  if (error instanceof EngineError) return { code: error.code, message: error.message };
  if (error instanceof Error) return { code: error.name, message: error.message };
  return { code: 'unknown', message: String(error) };
}

/** True if a second engine is kept out; one that gets in is closed again at once. */
async function isLocked(
  environment: Environment,
  options: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  try {
    const second = await Engine.open(environment, options);
    await second.close();
    return false;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'ENGINE_LOCKED') return true;
    throw error;
  }
}

/** A scan reads slowly enough that a whole flush or compaction can go by while it has a few pairs left. */
const PAUSES_PER_PAIR = 4;

interface Settled<Value> {
  done: boolean;
  value?: Value;
  error?: unknown;
}

/** A promise as something that can be looked at. */
function settled<Value>(promise: Promise<Value>): Settled<Value> {
  const state: Settled<Value> = { done: false };
  promise.then(
    (value) => Object.assign(state, { done: true, value }),
    (error: unknown) =>
      Object.assign(state, { done: true, error: error ?? new Error('rejected with nothing') }),
  );
  return state;
}
