/**
 * The engine opens, answers, takes work and ends only when it is told to. Under kill faults nothing else goes
 * wrong, so every error of an operation is one too many. A process that somebody else killed proves nothing:
 * that is a doubt, never a violation.
 */
import type { Death, HistoryEvent } from '../history/event.js';
import { operationText } from '../workload/operation.js';
import type { LifeRecord } from './lives.js';
import type { Violation } from './verdict.js';

/** What the engine did other than serve, in the order of the history. */
export function opens(history: readonly HistoryEvent[]): Violation[] {
  const notOpened = new Set<number>();
  return history.flatMap((event): Violation[] => {
    const { kind, life } = event;
    if (kind === 'open-failed') {
      notOpened.add(life);
      const message = `Life ${life} did not open: ${event.error.code}: ${event.error.message}`;
      return [{ kind: 'does-not-open', life, message, operations: [] }];
    }
    if (kind === 'hang') {
      const operations = event.waiting.map((index) => ({ life, index }));
      const waiting =
        operations.length === 0 ? '' : ` with operations ${event.waiting.join(', ')} unanswered`;
      const message = `Life ${life} hung (${event.while})${waiting}.`;
      return [{ kind: 'hangs', life, message, operations }];
    }
    // A process that could not open has nothing left to do but to exit.
    if (kind === 'crash' && event.death.kind === 'exit' && !notOpened.has(life)) {
      return [{ kind: 'dies', life, message: diedText(life, event.death), operations: [] }];
    }
    return [];
  });
}

/** One violation for each operation that the engine refused or whose outcome it left open with an error. */
export function refusesWork(lives: readonly LifeRecord[]): Violation[] {
  return lives
    .flatMap((life) => life.operations)
    .flatMap(({ name, operation, error }) => {
      if (error === undefined) return [];
      const message = `${operationText(operation)} (operation ${name.index} of life ${name.life}) failed: ${error.code}: ${error.message}`;
      return [{ kind: 'refuses-work', life: name.life, message, operations: [name] }];
    });
}

/** Deaths that nobody here caused, one sentence each. */
export function foreignDeaths(history: readonly HistoryEvent[]): string[] {
  return history.flatMap((event) =>
    event.kind === 'crash' && event.death.kind === 'signal'
      ? [`Life ${event.life} was ended by ${event.death.signal}, which nobody here had sent.`]
      : [],
  );
}

const STDERR_SHOWN_MAX = 400;

function diedText(life: number, death: Extract<Death, { readonly kind: 'exit' }>): string {
  const stderr = death.stderr.trim().slice(-STDERR_SHOWN_MAX);
  return `The engine of life ${life} exited by itself with code ${death.code}${stderr === '' ? '.' : `: ${stderr}`}`;
}
