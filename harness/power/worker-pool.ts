import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { HarnessError } from '../errors.js';
import type { WorkRequest, WorkResult } from './work.js';

/**
 * Worker threads that explore and play cases in memory, each started when it is first needed and used again. Requests
 * beyond the number of threads wait. What takes longer than its limit is ended with its thread: an engine that spins
 * must not hold up a campaign, and nobody knows what it would have answered.
 */
export class WorkerPool {
  readonly #path: string;
  readonly #size: number;
  #idle: Worker[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #all = new Set<Worker>();
  #closed = false;

  /** `path`: the compiled worker-main.ts. */
  constructor(path: string, size: number) {
    this.#path = path;
    this.#size = size;
  }

  /**
   * Throws HarnessError 'worker-failed' if the request takes longer than `limitMs`, breaks the worker or meets a pool
   * that is closed, 'build-missing' if there is no worker to start.
   */
  async run<Request extends WorkRequest>(request: Request, limitMs: number): Promise<WorkResult<Request>> {
    const worker = await this.#take();
    try {
      const result = await ask(worker, request, limitMs);
      this.#giveBack(worker);
      return result as WorkResult<Request>;
    } catch (error) {
      await this.#end(worker);
      throw error;
    }
  }

  /** Ends all threads; what they were doing fails, and so does what waits. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(closed());
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
    this.#all.clear();
    this.#idle = [];
  }

  async #take(): Promise<Worker> {
    if (this.#closed) throw closed();
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.size < this.#size) return this.#start();
    return await new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #start(): Worker {
    if (!existsSync(this.#path)) {
      throw new HarnessError(
        'build-missing',
        `Expected the compiled simulator at ${this.#path}, found nothing; run \`npm run build\` first.`,
      );
    }
    // Standard input is the command's; what an engine prints would stand in the middle of a report.
    const worker = new Worker(this.#path, { execArgv: ['--enable-source-maps'], stdout: true, stderr: true });
    worker.setMaxListeners(0);
    // An engine may break its thread after the answer, when nobody listens any more: then another one is started.
    worker.on('error', () => this.#forget(worker)).on('exit', () => this.#forget(worker));
    this.#all.add(worker);
    return worker;
  }

  #forget(worker: Worker): void {
    this.#all.delete(worker);
    this.#idle = this.#idle.filter((idle) => idle !== worker);
  }

  #giveBack(worker: Worker): void {
    const next = this.#waiting.shift();
    const alive = this.#all.has(worker);
    if (next !== undefined) next.resolve(alive ? worker : this.#start());
    else if (alive) this.#idle.push(worker);
  }

  async #end(worker: Worker): Promise<void> {
    this.#forget(worker);
    await worker.terminate();
    const next = this.#waiting.shift();
    if (next !== undefined) next.resolve(this.#start());
  }
}

interface Waiting {
  readonly resolve: (worker: Worker) => void;
  readonly reject: (error: HarnessError) => void;
}

type Answer =
  { readonly kind: 'done'; readonly result: unknown } | { readonly kind: 'failed'; readonly error: string };

function ask(worker: Worker, request: WorkRequest, limitMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      done();
      reject(failed(`an answer within ${limitMs} ms`, 'none'));
    }, limitMs);
    const onMessage = (answer: Answer): void => {
      done();
      if (answer.kind === 'done') resolve(answer.result);
      else reject(failed('an answer', answer.error));
    };
    const onError = (error: unknown): void => {
      done();
      reject(failed('an answer', error instanceof Error ? error.message : String(error)));
    };
    const onExit = (code: number): void => {
      done();
      reject(failed('an answer', `the end of the thread (code ${code})`));
    };
    const done = (): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(request);
  });
}

function closed(): HarnessError {
  return failed('an answer', 'the end of the pool');
}

function failed(expected: string, got: string): HarnessError {
  return new HarnessError('worker-failed', `Expected ${expected} from a simulator thread, got ${got}.`);
}
