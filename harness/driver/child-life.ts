import { Engine, EngineError } from '../../engine/index.js';
import { parseEnding } from '../faults/ending.js';
import { KillAtStep } from '../faults/kill.js';
import type { OperationError } from '../history/event.js';
import { apply } from './apply.js';
import { childEnvironment } from './child-world.js';
import { listFiles } from './list-files.js';
import type { LineInput } from './line-input.js';
import { LineOutput } from './line-output.js';
import { observe } from './observe.js';
import type { OpenRequest, Request } from './protocol.js';
import { settle, Turns } from './turns.js';

/**
 * One life of the engine in the child: open, then whatever the requests say, until it is closed or killed. Every
 * answer is written before anything that follows from it can happen.
 */
export class ChildLife {
  private readonly exact: boolean;
  private readonly request: OpenRequest;
  private readonly output: LineOutput;
  private readonly turns = new Turns();
  private readonly kill: KillAtStep;
  private readonly inFlight = new Map<number, Promise<void>>();
  private pause: () => Promise<void> = settle;

  constructor(request: OpenRequest) {
    this.request = request;
    this.exact = request.mode === 'exact';
    this.output = new LineOutput(this.exact);
    this.kill = new KillAtStep(parseEnding(request.end), {
      created: (path) => this.output.write({ kind: 'create', path }),
      dying: () => {
        this.output.write({ kind: 'killing', steps: this.kill.steps() });
        this.output.flush();
      },
    });
  }

  /** Runs to the end of the life; false if the parent went away. */
  async run(input: LineInput): Promise<boolean> {
    input.blocking = this.exact;
    const environment = childEnvironment(this.request, this.turns, this.kill);
    this.pause = async () => {
      for (let pause = 0; pause < PAUSES_PER_PAIR; pause++) await environment.pause();
    };
    const opening = settled(Engine.open(environment, this.request.options));
    if (!(await this.runUntil(() => opening.done))) return this.hang('open');
    if (opening.error !== undefined) {
      this.output.write({ kind: 'open-failed', error: this.describe(opening.error) });
      this.output.flush();
      return true;
    }
    const engine = opening.value as Engine;
    this.output.write({ kind: 'opened' });
    for (;;) {
      if (!input.hasLine()) this.output.flush();
      const line = await input.next();
      if (line === undefined) return false;
      const request = JSON.parse(line) as Request;
      switch (request.kind) {
        case 'operation':
          if (!(await this.start(engine, request))) return this.hang('operations');
          break;
        case 'observe':
          await this.observe(engine, request.keys);
          break;
        case 'end':
          return await this.end(engine, request.close);
        case 'open':
          throw new Error('Expected the life to end before the next open.');
      }
    }
  }

  private async start(engine: Engine, request: Extract<Request, { kind: 'operation' }>): Promise<boolean> {
    if (this.exact) {
      for (const choice of request.turns) {
        await settle();
        this.turns.take(choice);
      }
    }
    if (!request.overlap && !(await this.runUntil(() => this.inFlight.size === 0))) return false;
    const { index, operation } = request;
    this.output.write({ kind: 'invoke', index });
    // With the parent before anything happens: a process that somebody else kills must not leave writes behind of
    // which the history knows nothing.
    this.output.flush();
    const done = apply(engine, operation, this.pause).then(
      (result) => this.output.write({ kind: 'ok', index, result }),
      (error: unknown) => {
        const known = error instanceof EngineError && error.outcome === 'none';
        this.output.write({ kind: known ? 'fail' : 'info', index, error: this.describe(error) });
      },
    );
    this.inFlight.set(
      index,
      done.finally(() => this.inFlight.delete(index)),
    );
    await settle();
    return true;
  }

  private async observe(engine: Engine, keys: readonly string[]): Promise<void> {
    const listing = listFiles(this.request.directory, engine);
    const seen = await observe(engine, keys, (error) => this.describe(error));
    this.output.write({ kind: 'observed', ...seen, ...listing });
  }

  private async end(engine: Engine, close: boolean): Promise<boolean> {
    if (!(await this.runUntil(() => this.inFlight.size === 0))) return this.hang('operations');
    const settling = settled(engine.settled());
    if (!(await this.runUntil(() => settling.done))) return this.hang('operations');
    const { files } = listFiles(this.request.directory, engine);
    const error = settling.error === undefined ? {} : { error: this.describe(settling.error) };
    this.output.write({ kind: 'settled', files, ...error });
    if (!close) {
      this.output.write({ kind: 'drained', steps: this.kill.steps() });
      this.output.flush();
      return true;
    }
    const closing = settled(engine.close());
    if (!(await this.runUntil(() => closing.done))) return this.hang('close');
    if (closing.error !== undefined) throw closing.error as Error;
    this.output.write({ kind: 'closed', steps: this.kill.steps() });
    this.output.flush();
    return true;
  }

  /** Exact: takes turns until it is done or nothing is left that could bring it about. Real-time: waits. */
  private async runUntil(done: () => boolean): Promise<boolean> {
    if (this.exact) return await this.turns.runUntil(done);
    while (!done()) {
      // Nobody reads standard input here, so this is how a life that hangs notices that its parent is gone.
      if (process.ppid !== PARENT) process.exit(0);
      await settle();
    }
    return true;
  }

  /** Without the path of the directory, which is another one in every run. */
  private describe(error: unknown): OperationError {
    const { code, message } = codeAndMessage(error);
    return { code, message: message.replaceAll(`${this.request.directory}/`, '') };
  }

  private hang(phase: 'open' | 'operations' | 'close'): boolean {
    this.output.write({ kind: 'hang', waiting: [...this.inFlight.keys()], while: phase });
    this.output.flush();
    return true;
  }
}

/** A scan reads slowly enough that a whole flush or compaction can go by while it has a few pairs left. */
const PAUSES_PER_PAIR = 4;

const PARENT = process.ppid;

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

function codeAndMessage(error: unknown): OperationError {
  if (error instanceof EngineError) return { code: error.code, message: error.message };
  if (error instanceof Error) return { code: error.name, message: error.message };
  return { code: 'unknown', message: String(error) };
}
