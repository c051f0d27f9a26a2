/**
 * The engine opens, answers, takes work and ends only when it is told to. Under kill faults nothing else goes
 * wrong, so every error of an operation is one too many. A process that somebody else killed proves nothing, and
 * neither does a machine that ran out of disk, memory or descriptors: those are doubts, never violations.
 */
import type { Death, HistoryEvent, OperationError } from '../history/event.js';
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
      if (shortageIn(event.error.message) !== undefined) return [];
      const message = `Life ${life} did not open: ${event.error.code}: ${event.error.message}`;
      return [{ kind: 'does-not-open', life, message, operations: [] }];
    }
    if (kind === 'settled' && event.error !== undefined && shortageIn(event.error.message) === undefined) {
      const message = `Background work of life ${life} failed: ${event.error.code}: ${event.error.message}`;
      return [{ kind: 'refuses-work', life, message, operations: [] }];
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
      if (shortageIn(event.death.stderr) !== undefined) return [];
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
      if (error === undefined || shortageIn(error.message) !== undefined) return [];
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

/** What the machine had too little of, one sentence for each life that met it. */
export function shortages(history: readonly HistoryEvent[]): string[] {
  const sentences = history.flatMap((event) => {
    const text = textOf(event);
    const shortage = text === undefined ? undefined : shortageIn(text);
    if (shortage === undefined) return [];
    return [
      `Life ${event.life} met a machine that could not go on (${shortage}): give it more and run again.`,
    ];
  });
  return [...new Set(sentences)];
}

function textOf(event: HistoryEvent): string | undefined {
  const error: OperationError | undefined = 'error' in event ? event.error : undefined;
  if (error !== undefined) return error.message;
  return event.kind === 'crash' && event.death.kind === 'exit' ? event.death.stderr : undefined;
}

/** The platform's own words for a machine that has no more to give; nothing of this is injected here. */
const SHORTAGE =
  /\b(?:ENOSPC|EDQUOT|EFBIG|EMFILE|ENFILE|ENOMEM|EROFS|spawn \S+ EAGAIN)\b|out of memory|cannot allocate memory/i;

function shortageIn(text: string): string | undefined {
  return SHORTAGE.exec(text)?.[0];
}

const STDERR_SHOWN_MAX = 400;

function diedText(life: number, death: Extract<Death, { readonly kind: 'exit' }>): string {
  const stderr = death.stderr.trim().slice(-STDERR_SHOWN_MAX);
  return `The engine of life ${life} exited by itself with code ${death.code}${stderr === '' ? '.' : `: ${stderr}`}`;
}
