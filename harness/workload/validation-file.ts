/**
 * Validation files: requests with the answers they must get, one a line, words parted by white space.
 *
 *     PUT k v                        GET k v                  SCAN from to k1 k2 ...
 *     DELETE k                       GET k NOT_FOUND          BARRIER
 *                                    GET k v1 | v2 | NOT_FOUND
 *
 * A scan starts at `from` (included), ends before `to`, and gives exactly the listed keys in that order. Without a
 * BARRIER the lines run one after the other. With barriers the lines of a block run in parallel and each block
 * waits for the one before, so a GET may list several answers. Empty lines and lines that start with # are skipped.
 *
 * Words are UTF-8 in the file and byte text here. NOT_FOUND and | cannot be values, and there is no empty value.
 * The format is that of "Build Your Own Key-Value Storage Engine" (The Coder Cafe); the list after GET is ours.
 */
export type ValidationLine =
  | { readonly kind: 'put'; readonly line: number; readonly key: string; readonly value: string }
  /** `accepted`: any of these answers is right; null is NOT_FOUND. */
  | {
      readonly kind: 'get';
      readonly line: number;
      readonly key: string;
      readonly accepted: readonly (string | null)[];
    }
  | { readonly kind: 'delete'; readonly line: number; readonly key: string }
  /** `keys`: what must come, in this order; `from` is included, `to` is not. */
  | {
      readonly kind: 'scan';
      readonly line: number;
      readonly from: string;
      readonly to: string;
      readonly keys: readonly string[];
    };

export interface ValidationFile {
  /** The lines of a block run in parallel; otherwise there is one block and its lines run in turn. */
  readonly hasBarriers: boolean;
  /** None of them is empty. */
  readonly blocks: readonly (readonly ValidationLine[])[];
}

/** Characters that a validation file may have. */
export const VALIDATION_LENGTH_MAX = 64 * 1024 * 1024;
const KEY_BYTES_MAX = 65_535;

/** The blocks of a file; `name` is its path, for messages. Throws ValidationFileError at the first wrong line. */
export function parseValidationFile(text: string, name: string): ValidationFile {
  if (text.length > VALIDATION_LENGTH_MAX) {
    const expected = `a file of at most ${VALIDATION_LENGTH_MAX} characters`;
    throw new ValidationFileError(name, 1, expected, `${text.length}`);
  }
  const blocks: ValidationLine[][] = [[]];
  for (const [index, source] of text.split('\n').entries()) {
    const words = source.split(/\s+/).filter((word) => word !== '');
    if (words[0] === undefined || words[0].startsWith('#')) continue;
    if (words[0] === 'BARRIER' && words.length === 1) blocks.push([]);
    else blocks.at(-1)?.push(parseLine(words, { name, line: index + 1, source }));
  }
  return { hasBarriers: blocks.length > 1, blocks: blocks.filter((block) => block.length > 0) };
}

/** A line that is not in the format. `line` counts from 1. */
export class ValidationFileError extends Error {
  override readonly name = 'ValidationFileError';
  readonly file: string;
  readonly line: number;

  constructor(file: string, line: number, expected: string, got: string) {
    super(`${file}:${line}: expected ${expected}, got ${got}.`);
    this.file = file;
    this.line = line;
  }
}

interface Place {
  readonly name: string;
  readonly line: number;
  readonly source: string;
}

function parseLine(words: readonly string[], place: Place): ValidationLine {
  const { line } = place;
  const [request = '', first, second, ...rest] = words;
  switch (request) {
    case 'PUT':
      if (first === undefined || second === undefined || rest.length > 0) throw unexpected('PUT k v', place);
      return { kind: 'put', line, key: parseKey(first, place), value: parseValue(second, place) };
    case 'DELETE':
      if (first === undefined || second !== undefined) throw unexpected('DELETE k', place);
      return { kind: 'delete', line, key: parseKey(first, place) };
    case 'GET':
      if (first === undefined || second === undefined) throw unexpected(GET_FORM, place);
      return {
        kind: 'get',
        line,
        key: parseKey(first, place),
        accepted: parseAccepted(words.slice(2), place),
      };
    case 'SCAN': {
      if (first === undefined || second === undefined) throw unexpected('SCAN from to k1 k2 ...', place);
      const keys = rest.map((word) => parseKey(word, place));
      return { kind: 'scan', line, from: parseKey(first, place), to: parseKey(second, place), keys };
    }
    default:
      throw unexpected('PUT, GET, DELETE, SCAN or BARRIER in its usual form', place);
  }
}

const GET_FORM = 'GET k v, GET k NOT_FOUND or GET k v1 | v2 | NOT_FOUND';

/** Every second word is an answer, those between are `|`. */
function parseAccepted(words: readonly string[], place: Place): (string | null)[] {
  const inTurn = words.every((word, index) => (word === '|') === (index % 2 === 1));
  if (!inTurn || words.length % 2 === 0) throw unexpected(GET_FORM, place);
  return words.filter((word) => word !== '|').map((word) => (word === 'NOT_FOUND' ? null : bytesOf(word)));
}

function parseKey(word: string, place: Place): string {
  const key = bytesOf(word);
  if (key.length > KEY_BYTES_MAX) throw unexpected(`a key of at most ${KEY_BYTES_MAX} bytes`, place);
  return key;
}

function parseValue(word: string, place: Place): string {
  if (word === 'NOT_FOUND' || word === '|') throw unexpected('a value other than NOT_FOUND and |', place);
  return bytesOf(word);
}

function bytesOf(word: string): string {
  return Buffer.from(word, 'utf8').toString('latin1');
}

function unexpected(expected: string, { name, line, source }: Place): ValidationFileError {
  const shown = source.length > 60 ? `${source.slice(0, 60)}…` : source;
  return new ValidationFileError(name, line, expected, JSON.stringify(shown));
}
