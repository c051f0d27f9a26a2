import type { ServerEnd, ServerProcess } from './server-process.js';
import type { Waits } from './waits.js';

/**
 * A server that is killed with SIGKILL at random moments and started again each time. When depends on a seeded
 * stream and on what the machine does meanwhile, so the same seed draws the same moments but does not give the same
 * run.
 *
 * - `count`: as many kills as said, each when a drawn number of lines has been answered and a few milliseconds more
 *   have passed, so that they are spread over the file however fast the machine is.
 * - `every`: after half to one and a half of `everyMs` since the server was ready, up to `killsMax` times.
 *
 * One kill of five is followed by another while the server starts, so that recoveries are interrupted, too.
 * The server gets another port each time: while it is away nobody else can be mistaken for it.
 */
export type KillPlan =
  | { readonly kind: 'none' }
  | { readonly kind: 'count'; readonly kills: number; readonly lines: number }
  | { readonly kind: 'every'; readonly everyMs: number; readonly killsMax: number };

export interface KilledServerOptions {
  readonly start: () => ServerProcess;
  readonly plan: KillPlan;
  /** A whole number from 0 to `limit` - 1. */
  readonly below: (limit: number) => number;
  readonly waits: Waits;
  /** Called once, when the server has ended and nobody here asked for it. */
  readonly onDeath: (death: ServerDeath) => void;
}

/** An end that nobody here asked for. */
export interface ServerDeath {
  readonly end: ServerEnd;
  /** Kills before it. */
  readonly kills: number;
  /** It had been ready in its last life. */
  readonly wasReady: boolean;
}

export class KilledServer {
  readonly #options: KilledServerOptions;
  /** Numbers of answered lines at which a kill is due, ascending; of the kind `count` only. */
  readonly #moments: number[];
  readonly #finishing = new AbortController();
  readonly #abandoned = new AbortController();
  readonly #running: Promise<void>;
  readonly #firstReady: Promise<unknown>;
  #server: ServerProcess;
  #url: URL | undefined;
  #kills = 0;
  #answered = 0;
  #onAnswered: () => void = () => undefined;

  /** Starts the server. */
  constructor(options: KilledServerOptions) {
    this.#options = options;
    const { plan, below } = options;
    const drawn = plan.kind === 'count' ? Array.from({ length: plan.kills }, () => below(plan.lines)) : [];
    this.#moments = drawn.sort((left, right) => left - right);
    this.#server = options.start();
    this.#firstReady = this.#server.ready;
    this.#running = this.#run();
  }

  /** Resolves when the server listens for the first time, or has ended before it did. */
  async started(): Promise<void> {
    await this.#firstReady;
  }

  /** Where the server listens; undefined while it is down. */
  get url(): URL | undefined {
    return this.#url;
  }

  /** SIGKILLs so far, each of which was the cause of the server's death. */
  get kills(): number {
    return this.#kills;
  }

  /** To be told how many lines are answered. */
  answered(lines: number): void {
    this.#answered = lines;
    this.#onAnswered();
  }

  /** Ends the server with SIGTERM, after the kills of the kind `count`: the last start must succeed, too. */
  async finish(): Promise<void> {
    this.#finishing.abort();
    this.answered(Infinity);
    await this.#running;
  }

  /** Ends the server at once, whatever is due. */
  async abandon(): Promise<void> {
    this.#abandoned.abort();
    this.#finishing.abort();
    await this.#server.kill();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (;;) {
      this.#url = await this.#server.ready;
      if (this.#url === undefined) return await this.#died(false);
      const next = await Promise.race([this.#server.end.then(() => 'ended' as const), this.#nextMoment()]);
      switch (next) {
        case 'ended':
          return await this.#died(true);
        case 'finish': {
          this.#url = undefined;
          const end = await this.#server.stop(this.#options.waits, STOP_LIMIT_MS);
          return end.kind === 'stopped' ? undefined : await this.#died(true);
        }
        case 'kill':
          if (!(await this.#strike(true))) return;
          if (!(await this.#strikeInStart())) return;
      }
    }
  }

  /** Resolves when a kill is due, or when none is left and the file is finished. */
  async #nextMoment(): Promise<'kill' | 'finish'> {
    const { plan, below, waits } = this.#options;
    if (this.#killsLeft() === 0) return await this.#untilFinish();
    switch (plan.kind) {
      case 'none':
        return await this.#untilFinish();
      case 'count':
        await this.#untilAnswered(this.#moments.shift() ?? 0);
        await waits.wait(below(KILL_DELAY_MS_MAX + 1), this.#abandoned.signal);
        return 'kill';
      case 'every':
        await waits.wait(Math.ceil(plan.everyMs / 2) + below(plan.everyMs), this.#finishing.signal);
        return this.#finishing.signal.aborted ? 'finish' : 'kill';
    }
  }

  #killsLeft(): number {
    const { plan } = this.#options;
    switch (plan.kind) {
      case 'none':
        return 0;
      case 'count':
        return this.#moments.length;
      case 'every':
        return plan.killsMax - this.#kills;
    }
  }

  async #untilFinish(): Promise<'finish'> {
    const { signal } = this.#finishing;
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return 'finish';
  }

  async #untilAnswered(lines: number): Promise<void> {
    while (this.#answered < lines) await new Promise<void>((resolve) => (this.#onAnswered = resolve));
  }

  /** Kills and starts again; false if there is no server now. */
  async #strike(isReady: boolean): Promise<boolean> {
    const death = this.#server.kill();
    this.#url = undefined;
    if ((await death).kind !== 'killed') {
      await this.#died(isReady);
      return false;
    }
    if (this.#abandoned.signal.aborted) return false;
    this.#kills += 1;
    this.#server = this.#options.start();
    return true;
  }

  /** Kills the server while it starts, as often as is drawn; false if there is no server now. */
  async #strikeInStart(): Promise<boolean> {
    const { below, waits } = this.#options;
    while (this.#killsLeft() > 0 && below(START_KILL_ONE_IN) === 0) {
      this.#moments.pop();
      await waits.wait(below(START_KILL_MS_MAX + 1), this.#abandoned.signal);
      if (this.#abandoned.signal.aborted || !(await this.#strike(false))) return false;
    }
    return true;
  }

  async #died(wasReady: boolean): Promise<void> {
    this.#url = undefined;
    const end = await this.#server.end;
    if (!this.#abandoned.signal.aborted) this.#options.onDeath({ end, kills: this.#kills, wasReady });
  }
}

const STOP_LIMIT_MS = 15_000;
const KILL_DELAY_MS_MAX = 4;
/** A start takes a few hundred: Node, the program, the recovery. */
const START_KILL_MS_MAX = 400;
const START_KILL_ONE_IN = 5;
