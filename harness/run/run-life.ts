import type { EngineProcess } from '../driver/engine-process.js';
import type { Answer, FileSize, Request, StepCounts } from '../driver/protocol.js';
import { type Ending, parseEnding } from '../faults/ending.js';
import type { Death, HistoryEvent } from '../history/event.js';
import type { CrashCase, Life } from '../workload/case.js';

/**
 * One life: give the child everything that it will need, write down what it answers, end it as planned, and wait
 * until it is certainly dead (or closed).
 */
export async function runLife(
  process: EngineProcess,
  directory: string,
  crashCase: CrashCase,
  number: number,
  life: Life,
  keys: readonly string[],
  limitMs: number,
): Promise<LifeOutcome> {
  const ending = parseEnding(life.end);
  const notes = new LifeNotes(number, life);
  const disarm: (() => void)[] = [];
  if (ending.kind === 'kill-after-ms') {
    await process.ready;
    disarm.push(later(ending.afterMs, () => process.kill()));
  }
  disarm.push(
    later(limitMs, () => {
      notes.timedOut = true;
      process.kill();
    }),
  );
  process.send(requestsOf(crashCase, life, ending, directory, keys));
  try {
    for (let answer = await process.next(); answer !== undefined; answer = await process.next()) {
      notes.add(answer);
      if (notes.closed) return notes.outcome(undefined, ending);
      const timed = ending.kind === 'kill-after-ms' && answer.kind === 'drained';
      if (notes.over && !timed) process.kill();
    }
  } finally {
    for (const stop of disarm) stop();
  }
  return notes.outcome(await process.death, ending);
}

export interface LifeOutcome {
  readonly events: readonly HistoryEvent[];
  /** Steps executed; empty if the child was killed from outside before it could say. */
  readonly steps: StepCounts;
  /** The directory right after recovery; undefined if it did not come so far. */
  readonly recovered: readonly FileSize[] | undefined;
  /** Undefined if the engine was closed: the process lives on and can be given back. */
  readonly death: Death | undefined;
  /** The planned step came (or the life was to end otherwise, and did). */
  readonly fired: boolean;
  /** No answer within the limit: nothing can be concluded. */
  readonly timedOut: boolean;
  /** The engine cannot be used any further: it did not open, hung or died by itself. */
  readonly fatal: boolean;
}

function requestsOf(
  crashCase: CrashCase,
  life: Life,
  ending: Ending,
  directory: string,
  keys: readonly string[],
): readonly Request[] {
  const { options, seed } = crashCase;
  const mode = ending.kind === 'kill-after-ms' ? 'real-time' : 'exact';
  const close =
    ending.kind === 'close' || (ending.kind === 'kill-at-step' && ending.label.startsWith('close/'));
  return [
    { kind: 'open', directory, options, seed, mode, end: life.end },
    { kind: 'observe', keys },
    ...life.operations.map(({ operation, overlap, turns }, index): Request => ({
      kind: 'operation',
      index,
      operation,
      overlap: overlap ?? false,
      turns: turns ?? [],
    })),
    { kind: 'end', close },
  ];
}

/** The history of one life while it is being written. */
class LifeNotes {
  closed = false;
  over = false;
  timedOut = false;
  private readonly events: HistoryEvent[] = [];
  private readonly inFlight = new Set<number>();
  private readonly number: number;
  private readonly life: Life;
  private steps: StepCounts = {};
  private recovered: readonly FileSize[] | undefined;
  private fatal = false;

  constructor(number: number, life: Life) {
    this.number = number;
    this.life = life;
  }

  add(answer: Answer): void {
    const life = this.number;
    switch (answer.kind) {
      case 'ready':
        return;
      case 'opened':
        this.events.push({ kind: 'open', life });
        return;
      case 'open-failed':
        this.fatal = this.over = true;
        this.events.push({ kind: 'open-failed', life, error: answer.error });
        return;
      case 'create':
        this.events.push({ kind: 'create', life, path: answer.path });
        return;
      case 'observed': {
        const { gets, scan, errors, files } = answer;
        this.recovered = answer.sizes;
        this.events.push({ kind: 'observe', life, gets, scan, errors, files });
        return;
      }
      case 'settled':
        this.events.push({ ...answer, life });
        return;
      case 'invoke': {
        const operation = this.life.operations[answer.index]?.operation;
        if (operation === undefined)
          throw new Error(`The child invoked an operation ${answer.index} that it was not given.`);
        this.inFlight.add(answer.index);
        this.events.push({ kind: 'invoke', life, index: answer.index, operation });
        return;
      }
      case 'ok':
        this.inFlight.delete(answer.index);
        this.events.push({ kind: 'ok', life, index: answer.index, result: answer.result });
        return;
      case 'fail':
      case 'info':
        this.inFlight.delete(answer.index);
        this.events.push({ kind: answer.kind, life, index: answer.index, error: answer.error });
        return;
      case 'hang':
        this.fatal = this.over = true;
        this.events.push({ kind: 'hang', life, waiting: answer.waiting, while: answer.while });
        return;
      case 'killing':
        this.steps = answer.steps;
        return;
      case 'drained':
        this.over = true;
        this.steps = answer.steps;
        return;
      case 'closed':
        this.closed = true;
        this.steps = answer.steps;
        this.events.push({ kind: 'close', life });
        return;
    }
  }

  outcome(death: Death | undefined, ending: Ending): LifeOutcome {
    const life = this.number;
    const fired = death === undefined ? ending.kind === 'close' : hasFired(ending, death);
    if (death !== undefined) {
      for (const index of [...this.inFlight].sort((a, b) => a - b))
        this.events.push({ kind: 'info', life, index });
      this.events.push({ kind: 'crash', life, death, planned: this.life.end, fired });
    }
    const fatal = this.fatal || (death !== undefined && death.kind !== 'killed');
    const { events, steps, recovered, timedOut } = this;
    return { events, steps, recovered, death, fired, timedOut, fatal };
  }
}

function hasFired(ending: Ending, death: Death): boolean {
  if (death.kind !== 'killed') return false;
  return (ending.kind === 'kill-at-step') === (death.by === 'itself');
}

function later(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
