/**
 * The engine opens, answers, takes work and ends only when it is told to. Under kills and power losses nothing else
 * goes wrong, so every error of an operation is one too many; after an injected I/O error, errors are what should
 * come. A process that somebody else killed proves nothing, and neither does a machine that ran out of disk, memory
 * or descriptors: those are doubts, never violations.
 */
import type { Death, HistoryEvent, OperationError } from '../history/event.js';
import { type Operation, operationText } from '../workload/operation.js';
import { type FaultedLives, faultedLives } from './faulted-lives.js';
import type { Violation } from './verdict.js';

/** What the engine did other than serve, in the order of the history. */
export function opens(history: readonly HistoryEvent[]): Violation[] {
  const faulted = faultedLives(history);
  const notOpened = new Set<number>();
  const settled = new Set<number>();
  return history.flatMap((event, place): Violation[] => {
    const { kind, life } = event;
    const excused = faulted.struckBefore(life, place);
    if (kind === 'open-failed') {
      notOpened.add(life);
      if (excused || shortageIn(event.error.message) !== undefined) return [];
      const message = `Life ${life} did not open: ${event.error.code}: ${event.error.message}`;
      return [{ kind: 'does-not-open', life, message, operations: [] }];
    }
    if (kind === 'settled') {
      settled.add(life);
      if (excused || event.error === undefined || shortageIn(event.error.message) !== undefined) return [];
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
    // A process that could not open has nothing left to do but to exit; nor has one whose close failed, and when
    // all work is done only a close is left.
    if (kind === 'crash' && event.death.kind === 'exit' && !notOpened.has(life)) {
      const closing = excused && settled.has(life);
      if (closing || shortageIn(event.death.stderr) !== undefined) return [];
      return [{ kind: 'dies', life, message: diedText(life, event.death), operations: [] }];
    }
    return [];
  });
}

/** One violation for each operation that the engine refused or whose outcome it left open with an error. */
export function refusesWork(history: readonly HistoryEvent[]): Violation[] {
  const faulted = faultedLives(history);
  const asked = new Map<string, Operation>();
  return history.flatMap((event, place): Violation[] => {
    if (event.kind === 'invoke') asked.set(`${event.life}.${event.index}`, event.operation);
    if (event.kind !== 'fail' && event.kind !== 'info') return [];
    const { life, index, error } = event;
    const operation = asked.get(`${life}.${index}`);
    if (error === undefined || operation === undefined || shortageIn(error.message) !== undefined) return [];
    if (faulted.struckBefore(life, place)) return [];
    const message = `${operationText(operation)} (operation ${index} of life ${life}) failed: ${error.code}: ${error.message}`;
    return [{ kind: 'refuses-work', life, message, operations: [{ life, index }] }];
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
  const faulted = faultedLives(history);
  const sentences = history.flatMap((event, place) => {
    const text = textOf(event);
    const shortage = text === undefined ? undefined : shortageIn(text);
    if (shortage === undefined || isInjected(shortage, faulted, event.life, place)) return [];
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

/** True if an injected error of the same name had struck the life: the machine had enough then. */
function isInjected(shortage: string, faulted: FaultedLives, life: number, place: number): boolean {
  return faulted.textBefore(life, place).toUpperCase().includes(shortage.toUpperCase());
}

/** The platform's own words for a machine that has no more to give. */
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
