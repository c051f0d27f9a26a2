import type { BatchWrite, ScanOptions } from '../index.js';
import { keyRange, type KeyRange } from '../http/key-range.js';
import { ReplError } from './errors.js';
import { byteText, type Word, wordsOf } from './words.js';

/** The commands of the REPL: a line in, a plain value out. What they do is in `execute.ts`. */
export type Command =
  | { readonly kind: 'put'; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly kind: 'get'; readonly key: Uint8Array }
  | { readonly kind: 'del'; readonly key: Uint8Array }
  | { readonly kind: 'scan'; readonly options: ScanOptions }
  | { readonly kind: 'batch'; readonly writes: readonly BatchWrite[] }
  /** Whole numbers, both included. */
  | { readonly kind: 'fill'; readonly first: number; readonly last: number }
  | { readonly kind: 'compact'; readonly range: KeyRange }
  | { readonly kind: 'flush' | 'dump' | 'stats' | 'kill' | 'help' | 'quit' };

/** What is written behind the name of each command, and what it does, in the order of the help. */
export const COMMANDS: Readonly<Record<Command['kind'], readonly [usage: string, does: string]>> = {
  put: ['KEY VALUE', 'writes a value'],
  get: ['KEY', 'prints the value of a key'],
  del: ['KEY', 'deletes a key, whether it is there or not'],
  scan: [
    '[FROM [TO]] [--prefix P] [--limit N] [--reverse]',
    'prints pairs from FROM up to, not including, TO',
  ],
  batch: ['put KEY VALUE del KEY ...', 'writes all of it or, after any crash, none of it'],
  fill: ['BEGIN END', 'writes the keys BEGIN to END, whole numbers'],
  flush: ['', 'writes the memtable to a table of L0'],
  compact: ['[FROM [TO]]', 'merges tables down into one level'],
  dump: ['', 'prints all pairs as NDJSON, keys and values in base64'],
  stats: ['', 'prints the figures of the engine'],
  kill: ['', 'kills this process with SIGKILL; start it again and look'],
  help: ['', 'prints this list'],
  quit: ['', 'closes the database and ends'],
};

/** The command of a line; undefined for an empty one and for a comment, which begins with `#`. Throws ReplError. */
export function parseCommand(line: string): Command | undefined {
  if (/^\s*(#|$)/.test(line)) return undefined;
  const [first, ...words] = wordsOf(line);
  if (first === undefined) return undefined;
  const name = textOf(first);
  const kind = (Object.keys(COMMANDS) as Command['kind'][]).find((known) => known === name);
  if (kind === undefined || first.quoted) {
    throw new ReplError(
      'REPL_UNKNOWN_COMMAND',
      `Expected ${Object.keys(COMMANDS).join(', ')}, got ${byteText(first.bytes.subarray(0, 40))}.`,
    );
  }
  return commandOf(kind, words);
}

function commandOf(kind: Command['kind'], words: readonly Word[]): Command {
  const [first, second, ...others] = words.map(({ bytes }) => bytes);
  switch (kind) {
    case 'put':
      if (first === undefined || second === undefined || others.length > 0) throw misused(kind);
      return { kind, key: first, value: second };
    case 'get':
    case 'del':
      if (first === undefined || second !== undefined) throw misused(kind);
      return { kind, key: first };
    case 'scan':
      return { kind, options: scanOptions(words) };
    case 'batch':
      return { kind, writes: batchWrites(words) };
    case 'fill':
      return { kind, ...fillRange(words) };
    case 'compact':
      if (others.length > 0) throw misused(kind);
      return { kind, range: keyRange({ from: first, to: second }) };
    case 'flush':
    case 'dump':
    case 'stats':
    case 'kill':
    case 'help':
    case 'quit':
      if (words.length > 0) throw misused(kind);
      return { kind };
  }
}

function scanOptions(words: readonly Word[]): ScanOptions {
  const bounds: Uint8Array[] = [];
  let prefix: Uint8Array | undefined;
  let limit: number | undefined;
  let reverse = false;
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as Word;
    if (word.quoted || !textOf(word).startsWith('--')) bounds.push(word.bytes);
    else if (textOf(word) === '--reverse') reverse = true;
    else if (textOf(word) === '--prefix') prefix = words[++index]?.bytes ?? missing('--prefix');
    else if (textOf(word) === '--limit') limit = wholeNumber(words[++index]);
    else throw misused('scan');
  }
  if (bounds.length > 2) throw misused('scan');
  const range = keyRange({ from: bounds[0], to: bounds[1], prefix });
  return { ...range, reverse, ...(limit === undefined ? {} : { limit }) };
}

function batchWrites(words: readonly Word[]): BatchWrite[] {
  const writes: BatchWrite[] = [];
  for (let index = 0; index < words.length;) {
    const word = words[index++] as Word;
    const name = word.quoted ? '' : textOf(word);
    const key = words[index++]?.bytes;
    if (key !== undefined && name === 'del') {
      writes.push({ kind: 'delete', key });
      continue;
    }
    const value = words[index++]?.bytes;
    if (key === undefined || value === undefined || name !== 'put') throw misused('batch');
    writes.push({ kind: 'put', key, value });
  }
  if (writes.length === 0) throw misused('batch');
  return writes;
}

function fillRange(words: readonly Word[]): { first: number; last: number } {
  if (words.length !== 2) throw misused('fill');
  const [first, last] = words.map(wholeNumber) as [number, number];
  if (last < first || last - first >= FILL_MAX) {
    throw new ReplError(
      'REPL_BAD_ARGUMENT',
      `Expected END to be at least BEGIN, and ${FILL_MAX} keys at the most, got ${first} and ${last}.`,
    );
  }
  return { first, last };
}

const FILL_MAX = 10_000_000;

function wholeNumber(word: Word | undefined): number {
  const text = word === undefined ? '' : textOf(word);
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ReplError(
    'REPL_BAD_ARGUMENT',
    `Expected a whole number from 0, got ${word === undefined ? 'nothing' : byteText(word.bytes.subarray(0, 40))}.`,
  );
}

function missing(option: string): never {
  throw new ReplError('REPL_BAD_ARGUMENT', `Expected a key behind ${option}, got the end of the line.`);
}

function misused(kind: Command['kind']): ReplError {
  return new ReplError('REPL_BAD_ARGUMENT', `Expected \`${`${kind} ${COMMANDS[kind][0]}`.trim()}\`.`);
}

function textOf({ bytes }: Word): string {
  return Buffer.from(bytes).toString('latin1');
}
