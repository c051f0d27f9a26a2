import { isUtf8 } from 'node:buffer';
import { KEY_BYTES_MAX } from '../options.js';

/**
 * Validation files: requests with the answers they must get, one a line, words parted by spaces or tabs.
 *
 *     PUT k v                        GET k v                  SCAN from to k1 k2 ...
 *     DELETE k                       GET k NOT_FOUND          BARRIER
 *                                    GET k v1 | v2 | NOT_FOUND
 *
 * A scan starts at `from` (included), ends before `to`, and gives exactly the listed keys in that order. Without a
 * BARRIER the lines run one after the other. With barriers the lines of a block run in parallel and each block
 * waits for the one before, so a GET may list several answers. Empty lines and lines that start with # are skipped.
 *
 * A list of answers has a `|` as a word of its own between each two: list = answer *( "|" answer ).
 *
 * Words are UTF-8 in the file and byte text here: one character U+0000 to U+00FF is one byte. NOT_FOUND and | cannot
 * be values, and there is no empty value. Nothing looks whether the listed answers are possible at all.
 * The format is that of "Build Your Own Key-Value Storage Engine" (The Coder Cafe); the list after GET is ours.
 */
export type ValidationLine =
  | (LinePlace & { readonly kind: 'put'; readonly key: string; readonly value: string })
  /** `accepted`: any of these answers is right; null is NOT_FOUND. */
  | (LinePlace & {
      readonly kind: 'get';
      readonly key: string;
      readonly accepted: readonly (string | null)[];
    })
  | (LinePlace & { readonly kind: 'delete'; readonly key: string })
  /**
   * `keys`: what must come, in this order; `from` is included, `to` is not. `keyColumns`: where each of them stands,
   * and at last the place behind them, where one more would.
   */
  | (LinePlace & {
      readonly kind: 'scan';
      readonly from: string;
      readonly to: string;
      readonly keys: readonly string[];
      readonly keyColumns: readonly number[];
    });

/** Both count from 1, `column` in characters: that of the expected answer, or of the request where it needs none. */
interface LinePlace {
  readonly line: number;
  readonly column: number;
}

export interface ValidationFile {
  /** The lines of a block run in parallel; otherwise there is one block and its lines run in turn. */
  readonly hasBarriers: boolean;
  /** None of them is empty. */
  readonly blocks: readonly (readonly ValidationLine[])[];
}

/** Characters, or bytes, that a validation file may have. */
export const VALIDATION_LENGTH_MAX = 64 * 1024 * 1024;

/**
 * The blocks of a file, from its text or its bytes; `name` is its path, for messages. Throws ValidationFileError at
 * the first word that is wrong.
 */
export function parseValidationFile(content: string | Uint8Array, name: string): ValidationFile {
  if (content.length > VALIDATION_LENGTH_MAX) {
    const expected = `a file of at most ${VALIDATION_LENGTH_MAX} characters`;
    throw new ValidationFileError({ file: name, line: 1, column: 1 }, expected, `${content.length}`);
  }
  const text = typeof content === 'string' ? content : textOf(content, name);
  const blocks: ValidationLine[][] = [[]];
  for (const place of linesOf(text, name)) {
    const [request, ...rest] = place.words;
    if (request === undefined || request.text.startsWith('#')) continue;
    if (request.text === 'BARRIER' && rest.length === 0) blocks.push([]);
    else blocks.at(-1)?.push(parseLine(request, rest, place));
  }
  return { hasBarriers: blocks.length > 1, blocks: blocks.filter((block) => block.length > 0) };
}

/** A line that is not in the format. `line` and `column` count from 1, columns in characters. */
export class ValidationFileError extends Error {
  override readonly name = 'ValidationFileError';
  readonly file: string;
  readonly line: number;
  readonly column: number;

  constructor(
    { file, line, column }: { readonly file: string; readonly line: number; readonly column: number },
    expected: string,
    got: string,
  ) {
    super(`${file}:${line}:${column}: expected ${expected}, got ${got}.`);
    this.file = file;
    this.line = line;
    this.column = column;
  }
}

interface Word {
  readonly text: string;
  readonly column: number;
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly words: readonly Word[];
}

/** The text behind UTF-8; a byte order mark at its start is left out. */
function textOf(bytes: Uint8Array, name: string): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!isUtf8(buffer)) throw notUtf8(buffer, name);
  return buffer.toString('utf8').replace(/^\ufeff/, '');
}

/** Points at the first byte that became U+FFFD without being one. */
function notUtf8(buffer: Buffer, file: string): ValidationFileError {
  const text = buffer.toString('utf8');
  let index = text.indexOf('\ufffd');
  let offset = Buffer.byteLength(text.slice(0, index));
  while (buffer.toString('hex', offset, offset + 3) === 'efbfbd') {
    const next = text.indexOf('\ufffd', index + 1);
    offset += Buffer.byteLength(text.slice(index, next));
    index = next;
  }
  const before = text.slice(0, index);
  const place = { file, line: before.split('\n').length, column: index - before.lastIndexOf('\n') };
  return new ValidationFileError(place, 'UTF-8', `the byte 0x${buffer.toString('hex', offset, offset + 1)}`);
}

function* linesOf(text: string, file: string): Generator<Place> {
  for (let line = 1, start = 0; start < text.length; line += 1) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const source = text.slice(start, end);
    const words = [...source.matchAll(/[^ \t\r]+/g)].map(([word], index, all) => ({
      text: word,
      column: (all[index]?.index ?? 0) + 1,
    }));
    yield { file, line, source, words };
    start = end + 1;
  }
}

function parseLine(request: Word, rest: readonly Word[], place: Place): ValidationLine {
  const { line } = place;
  const { column } = request;
  const [first, second, third] = rest;
  switch (request.text) {
    case 'PUT':
      if (first === undefined || second === undefined || third !== undefined)
        throw unexpected('PUT k v', place, third);
      return { kind: 'put', line, column, key: parseKey(first, place), value: parseValue(second, place) };
    case 'DELETE':
      if (first === undefined || second !== undefined) throw unexpected('DELETE k', place, second);
      return { kind: 'delete', line, column, key: parseKey(first, place) };
    case 'GET': {
      if (first === undefined || second === undefined) throw unexpected(GET_FORM, place);
      const accepted = parseAccepted(rest.slice(1), place);
      return { kind: 'get', line, column: second.column, key: parseKey(first, place), accepted };
    }
    case 'SCAN': {
      if (first === undefined || second === undefined) throw unexpected('SCAN from to k1 k2 ...', place);
      const words = rest.slice(2);
      const keys = words.map((word) => parseKey(word, place));
      const last = words.at(-1) ?? second;
      const keyColumns = [...words.map((word) => word.column), last.column + last.text.length + 1];
      const range = { from: parseKey(first, place), to: parseKey(second, place) };
      return { kind: 'scan', line, column: keyColumns[0] ?? column, ...range, keys, keyColumns };
    }
    case 'BARRIER':
      throw unexpected('BARRIER alone on its line', place, first);
    default:
      throw unexpected('PUT, GET, DELETE, SCAN or BARRIER', place, request);
  }
}

const GET_FORM = 'GET k v, GET k NOT_FOUND or GET k v1 | v2 | NOT_FOUND';

/** Every second word is an answer, those between are `|`. */
function parseAccepted(words: readonly Word[], place: Place): (string | null)[] {
  const misplaced = words.find(({ text }, index) => (text === '|') !== (index % 2 === 1));
  if (misplaced !== undefined || words.length % 2 === 0) throw unexpected(GET_FORM, place, misplaced);
  return words
    .filter((_, index) => index % 2 === 0)
    .map(({ text }) => (text === 'NOT_FOUND' ? null : bytesOf(text)));
}

function parseKey(word: Word, place: Place): string {
  const key = bytesOf(word.text);
  if (key.length > KEY_BYTES_MAX) throw unexpected(`a key of at most ${KEY_BYTES_MAX} bytes`, place, word);
  return key;
}

function parseValue(word: Word, place: Place): string {
  if (word.text === 'NOT_FOUND' || word.text === '|') {
    throw unexpected('a value other than NOT_FOUND and |', place, word);
  }
  return bytesOf(word.text);
}

function bytesOf(word: string): string {
  return Buffer.from(word, 'utf8').toString('latin1');
}

/** Points at the word that should not be there, or behind the last one if something is missing. */
function unexpected(expected: string, place: Place, word?: Word): ValidationFileError {
  const last = place.words.at(-1);
  const column = word?.column ?? (last === undefined ? 1 : last.column + last.text.length);
  const shown = place.source.length > 60 ? `${place.source.slice(0, 60)}…` : place.source;
  return new ValidationFileError({ ...place, column }, expected, JSON.stringify(shown));
}
