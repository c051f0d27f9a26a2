/**
 * A history told as sentences, life by life, for a reader who knows storage engines but not this harness. An
 * operation is told once, where it was invoked, together with its outcome; files made in a row are one sentence.
 * Data stays apart from prose (`{ data }`), so that each renderer can set it off and isolate it; it is escaped here.
 */
import type { Violation } from '../harness/checker/verdict.js';
import type { HistoryEvent } from '../harness/history/event.js';
import type { FailureRecord } from '../harness/run/record.js';
import { operationText } from '../harness/workload/operation.js';
import { deathParts } from './narrate-death.js';
import { answerParts, errorParts, listParts, observationParts } from './narrate-parts.js';
import type { Part } from './narrate-parts.js';
import { visibleText } from './visible-text.js';

export interface Sentence {
  /** What sort of thing happened; renderers choose shape and colour by it. */
  readonly tone: 'plain' | 'acknowledged' | 'in-flight' | 'failed' | 'killed' | 'found';
  readonly parts: readonly Part[];
  /** True for an operation that a violation names as its proof. */
  readonly proof: boolean;
}

export interface LifeStory {
  readonly life: number;
  readonly sentences: readonly Sentence[];
}

type EventOf<Kind extends HistoryEvent['kind']> = Extract<HistoryEvent, { kind: Kind }>;
type Outcome = EventOf<'ok'> | EventOf<'fail'> | EventOf<'info'>;

/** Tells the minimised history of a failure. Lives come in order; each event falls into the life it names. */
export function narrateFailure(failure: FailureRecord): readonly LifeStory[] {
  const lives = new Map<number, HistoryEvent[]>();
  for (const event of failure.history) {
    const events = lives.get(event.life);
    if (events === undefined) lives.set(event.life, [event]);
    else events.push(event);
  }
  return [...lives]
    .sort(([left], [right]) => left - right)
    .map(([life, events]) => ({ life, sentences: narrateLife(events, failure.violations) }));
}

/** The sentence as plain text. */
export function sentenceText(sentence: Sentence): string {
  return sentence.parts.map((part) => (typeof part === 'string' ? part : part.data)).join('');
}

function narrateLife(events: readonly HistoryEvent[], violations: readonly Violation[]): readonly Sentence[] {
  const opened = events.some((event) => event.kind === 'open');
  const inFlight = new Set<number>();
  const sentences: Sentence[] = [];
  for (const [position, event] of events.entries()) {
    if (event.kind === 'invoke') {
      const told = invokeParts(event, outcomeOf(event, events), inFlight);
      const proof = violations.some((violation) =>
        violation.operations.some((name) => name.life === event.life && name.index === event.index),
      );
      sentences.push({ ...told, proof });
      inFlight.add(event.index);
    } else if (event.kind === 'ok' || event.kind === 'fail' || event.kind === 'info') {
      inFlight.delete(event.index);
    } else if (event.kind === 'create') {
      if (events[position - 1]?.kind === 'create') continue;
      const paths = createdInARow(events.slice(position));
      sentences.push({
        tone: 'plain',
        parts: ['The engine made ', ...listParts(paths), '.'],
        proof: false,
      });
    } else {
      sentences.push({ ...otherSentence(event, opened), proof: false });
    }
  }
  return sentences;
}

function outcomeOf(invoke: EventOf<'invoke'>, events: readonly HistoryEvent[]): Outcome | undefined {
  return events.find(
    (event): event is Outcome =>
      (event.kind === 'ok' || event.kind === 'fail' || event.kind === 'info') && event.index === invoke.index,
  );
}

function createdInARow(events: readonly HistoryEvent[]): readonly string[] {
  const paths: string[] = [];
  for (const event of events) {
    if (event.kind !== 'create') break;
    paths.push(event.path);
  }
  return paths;
}

type Told = Pick<Sentence, 'tone' | 'parts'>;

function invokeParts(
  invoke: EventOf<'invoke'>,
  outcome: Outcome | undefined,
  inFlight: ReadonlySet<number>,
): Told {
  const names = [...inFlight].map((index) => `${invoke.life}.${index}`);
  const overlap =
    names.length === 0
      ? ''
      : `, started while ${names.join(', ')} ${names.length === 1 ? 'was' : 'were'} in flight`;
  const asked: readonly Part[] = [
    `${invoke.life}.${invoke.index} `,
    { data: operationText(invoke.operation) },
    overlap === '' ? ' ' : `${overlap}, `,
  ];
  switch (outcome?.kind) {
    case 'ok':
      return { tone: 'acknowledged', parts: [...asked, ...answerParts(invoke.operation, outcome.result)] };
    case 'fail':
      return {
        tone: 'failed',
        parts: [...asked, 'failed and has no effect: ', ...errorParts(outcome.error)],
      };
    case 'info':
      if (outcome.error !== undefined) {
        const parts = [...asked, 'may or may not have happened: ', ...errorParts(outcome.error)];
        return { tone: 'in-flight', parts };
      }
      break;
    case undefined:
  }
  return {
    tone: 'in-flight',
    parts: [...asked, 'was in flight when the life ended: it may or may not have happened.'],
  };
}

function otherSentence(
  event: Exclude<HistoryEvent, Outcome | EventOf<'invoke'> | EventOf<'create'>>,
  opened: boolean,
): Told {
  switch (event.kind) {
    case 'open':
      return {
        tone: 'plain',
        parts: [
          event.life === 0
            ? 'The engine created its directory and takes requests.'
            : 'The engine recovered the directory and takes requests.',
        ],
      };
    case 'open-failed':
      return { tone: 'failed', parts: ['The engine did not open: ', ...errorParts(event.error)] };
    case 'observe':
      return { tone: 'found', parts: observationParts(event) };
    case 'settled':
      if (event.error !== undefined)
        return { tone: 'failed', parts: ['Background work failed: ', ...errorParts(event.error)] };
      return { tone: 'plain', parts: [`All work was done; ${event.files.onDisk.length} files were left.`] };
    case 'hang': {
      const waiting = event.waiting.map((index) => `${event.life}.${index}`).join(', ');
      const suffix = waiting === '' ? '.' : `; ${waiting} never answered.`;
      return { tone: 'failed', parts: [`The engine hung during ${event.while}${suffix}`] };
    }
    case 'crash':
      return { tone: 'killed', parts: deathParts(event, opened) };
    case 'fault':
      return { tone: 'failed', parts: ['An I/O error struck: ', { data: visibleText(event.fault) }, '.'] };
    case 'close':
      return { tone: 'plain', parts: ['The engine was closed in order.'] };
  }
}
