import type { Answer, FileSize, StepCounts } from '../driver/protocol.js';
import type { Ending } from '../faults/ending.js';
import type { Death, HistoryEvent } from '../history/event.js';
import type { Life } from '../workload/case.js';

/** The history of one life while it is being written, from the answers of the engine to how it ended. */
export class LifeNotes {
  closed = false;
  over = false;
  timedOut = false;
  readonly events: HistoryEvent[] = [];
  private readonly inFlight = new Set<number>();
  private readonly number: number;
  private readonly life: Life;
  private steps: StepCounts = {};
  recovered: readonly FileSize[] | undefined;
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
