import type { ValidationLine } from './validation-file.js';

/**
 * What a database answered to a line of a validation file, and whether the file accepts that. A pure judgement, so
 * that the harness, which asks the engine, and the client, which asks a server, find the same answers wrong.
 *
 * Of a scan only the keys are judged: the file does not say their values.
 */
export type Answer =
  /** To a put or a delete: it was acknowledged. */
  | { readonly kind: 'done' }
  /** To a get; null if there is no such key. */
  | { readonly kind: 'value'; readonly value: string | null }
  /** To a scan: the keys in the order in which they came. */
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  /** Something that is no answer to the request; `what` says what came. */
  | { readonly kind: 'refused'; readonly what: string };

/** A wrong answer in words; keys and values are shortened. */
export interface WrongAnswer {
  readonly line: number;
  /** Where the expected answer stands, from 1; of a put and a delete, which need none, the request. */
  readonly column: number;
  /** The request: `GET a`. */
  readonly request: string;
  readonly expected: string;
  readonly got: string;
}

/** Undefined if the answer is one that the line accepts. */
export function wrongAnswer(line: ValidationLine, answer: Answer): WrongAnswer | undefined {
  const wrong = (got: string, expected = expectedText(line), column = line.column) => {
    return { line: line.line, column, request: requestText(line), expected, got };
  };
  if (answer.kind === 'refused') return wrong(answer.what);
  switch (line.kind) {
    case 'put':
    case 'delete':
      return answer.kind === 'done' ? undefined : wrong(answerText(answer));
    case 'get':
      if (answer.kind === 'value' && line.accepted.includes(answer.value)) return undefined;
      return wrong(answerText(answer));
    case 'scan': {
      if (answer.kind !== 'keys') return wrong(answerText(answer));
      const length = Math.max(line.keys.length, answer.keys.length);
      for (let index = 0; index < length; index += 1) {
        if (line.keys[index] === answer.keys[index]) continue;
        const column = line.keyColumns[index] ?? line.keyColumns.at(-1);
        return wrong(keyText(answer.keys, index), keyText(line.keys, index), column);
      }
      return undefined;
    }
  }
}

/** `Line 7: GET a must give 1 or NOT_FOUND, gave 2.` */
export function wrongAnswerText({ line, request, expected, got }: WrongAnswer): string {
  return `Line ${line}: ${request} must give ${expected}, gave ${got}.`;
}

/** The line as it stands in the file, without its answers. */
export function requestText(line: ValidationLine): string {
  switch (line.kind) {
    case 'put':
      return `PUT ${wordText(line.key)} ${wordText(line.value)}`;
    case 'delete':
      return `DELETE ${wordText(line.key)}`;
    case 'get':
      return `GET ${wordText(line.key)}`;
    case 'scan':
      return `SCAN ${wordText(line.from)} ${wordText(line.to)}`;
  }
}

function expectedText(line: ValidationLine): string {
  switch (line.kind) {
    case 'put':
    case 'delete':
      return 'an acknowledgement';
    case 'get':
      return listText(line.accepted.map(valueText), ' or ');
    case 'scan':
      return `${line.keys.length} keys`;
  }
}

function answerText(answer: Exclude<Answer, { readonly kind: 'refused' }>): string {
  switch (answer.kind) {
    case 'done':
      return 'an acknowledgement';
    case 'value':
      return valueText(answer.value);
    case 'keys':
      return `${answer.keys.length} keys`;
  }
}

/** The key at the first place where two lists differ: `b as key 2`. */
function keyText(keys: readonly string[], index: number): string {
  const key = keys[index];
  return key === undefined ? `no key ${index + 1}` : `${wordText(key)} as key ${index + 1}`;
}

function valueText(value: string | null): string {
  // A value with these bytes cannot stand in a file, but a server may have one.
  if (value === 'NOT_FOUND') return '"NOT_FOUND"';
  return value === null ? 'NOT_FOUND' : wordText(value);
}

/** A word as it stands in a file; what cannot be a word there is put in quotes. */
function wordText(bytes: string): string {
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  const whole = Buffer.from(text, 'utf8').toString('latin1') === bytes;
  const shown = whole ? text : bytes;
  const short = shown.length > SHOWN_LENGTH_MAX ? `${shown.slice(0, SHOWN_LENGTH_MAX)}…` : shown;
  return whole && /^[^\s\p{C}"]+$/u.test(text) ? short : JSON.stringify(short);
}

function listText(words: readonly string[], between: string): string {
  const more = words.length > SHOWN_WORDS_MAX ? [`${words.length - SHOWN_WORDS_MAX} more`] : [];
  return [...words.slice(0, SHOWN_WORDS_MAX), ...more].join(between);
}

const SHOWN_LENGTH_MAX = 60;
const SHOWN_WORDS_MAX = 8;
