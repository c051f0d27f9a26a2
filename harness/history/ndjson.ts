/**
 * A history as text: one compact JSON object a line, each line ended by a line break, nothing else. So a history
 * can be cut with `head`, searched with `grep` and compared with `diff`, and a line that was written whole is an
 * event that was seen.
 *
 * Reading checks each event by itself and is bounded; it does not judge whether the history as a whole is possible.
 */
import * as v from 'valibot';
import { historyEventSchema } from './event-schema.js';
import type { HistoryEvent } from './event.js';

/** Characters that a history may have. */
export const HISTORY_LENGTH_MAX = 64 * 1024 * 1024;

/** One line an event; the empty text for no event. */
export function encodeHistory(events: readonly HistoryEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

/**
 * The events of a text that `encodeHistory` wrote. Throws HistoryError naming the first line that is not a whole
 * event; also when the last line has no line break, as whoever wrote it may have died in it.
 */
export function decodeHistory(text: string): HistoryEvent[] {
  if (text.length > HISTORY_LENGTH_MAX) {
    throw new HistoryError(
      'too-large',
      1,
      `Expected a history of at most ${HISTORY_LENGTH_MAX} characters, got ${text.length}; minimise the case first.`,
    );
  }
  const lines = text.split('\n');
  const rest = lines.pop() ?? '';
  if (rest !== '') {
    const line = lines.length + 1;
    throw new HistoryError(
      'not-json',
      line,
      `Expected a line break at the end of line ${line} of the history, got the end of the text; it was cut off.`,
    );
  }
  return lines.map((line, index) => decodeEvent(line, index + 1));
}

/** A text that is no history. `line` counts from 1. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly code: 'too-large' | 'not-json' | 'bad-event';
  readonly line: number;

  constructor(code: HistoryError['code'], line: number, message: string) {
    super(message);
    this.code = code;
    this.line = line;
  }
}

function decodeEvent(text: string, line: number): HistoryEvent {
  const parsed = v.safeParse(historyEventSchema, parseJson(text, line), { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const expected = issue.kind === 'schema' ? (issue.expected ?? 'another value') : issue.message;
  throw new HistoryError(
    'bad-event',
    line,
    `Expected ${expected === 'never' ? 'nothing' : expected} at ${v.getDotPath(issue) ?? 'the top'} ` +
      `in line ${line} of the history, got ${issue.received.slice(0, 60)}.`,
  );
}

function parseJson(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HistoryError(
      'not-json',
      line,
      `Expected one JSON object in line ${line} of the history, got ${JSON.stringify(text.slice(0, 60))}.`,
    );
  }
}
