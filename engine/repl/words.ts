import { ReplError } from './errors.js';

/**
 * The words of a line, and bytes as words. A word stands between spaces and is its UTF-8; in quotes it is a JSON
 * string in which every character is ONE byte, so that every key can be written:
 *
 *     cat        63 61 74
 *     é          c3 a9
 *     "\u00e9"   e9
 *     "a b"      61 20 62
 *     ""         nothing
 *
 * `byteText` writes bytes so that `wordsOf` reads them back, in printable ASCII only: what is in a database can never
 * move the cursor of a terminal.
 */
export interface Word {
  readonly bytes: Uint8Array;
  /** In quotes a word is never an option or the name of a command. */
  readonly quoted: boolean;
}

/** Throws REPL_BAD_LINE. */
export function wordsOf(line: string): readonly Word[] {
  const words: Word[] = [];
  let at = 0;
  for (;;) {
    while (isSpace(line[at])) at++;
    if (at >= line.length) return words;
    const end = line[at] === '"' ? endOfQuotes(line, at) : endOfWord(line, at);
    const text = line.slice(at, end);
    words.push(line[at] === '"' ? quotedWord(text, at) : plainWord(text, at));
    at = end;
  }
}

/** The word for these bytes. */
export function byteText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (/^[!#-~][!#-~]*$/.test(text) && !text.startsWith('--')) return text;
  return JSON.stringify(text).replace(/[\u007f-\u00ff]/g, escaped);
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function endOfWord(line: string, start: number): number {
  let end = start;
  while (end < line.length && !isSpace(line[end])) end++;
  return end;
}

/** By hand and not by a pattern: a value may be millions of characters long. */
function endOfQuotes(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '"') {
      if (at + 1 === line.length || isSpace(line[at + 1])) return at + 1;
      throw bad(`Expected a space behind the closing quote at character ${at + 1}; a quote inside is \\".`);
    }
  }
  throw bad(`Expected a closing quote for the one at character ${start + 1}, got the end of the line.`);
}

function quotedWord(text: string, start: number): Word {
  const parsed = parsedString(text, start);
  const wide = /[\u{100}-\u{10ffff}]/u.exec(parsed);
  if (wide !== null) {
    const point = (wide[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    throw bad(
      `Expected one byte a character in quotes, got U+${point} in those at character ${start + 1}; write \\u00XX for each byte.`,
    );
  }
  return { bytes: Buffer.from(parsed, 'latin1'), quoted: true };
}

function parsedString(text: string, start: number): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    // What the parser says holds a part of the line, perhaps with control characters in it.
    throw bad(
      `Expected a JSON string at character ${start + 1}, got something else in quotes; a byte is \\u00XX, a backslash \\\\.`,
    );
  }
}

function plainWord(text: string, start: number): Word {
  const found = /\p{Cc}/u.exec(text);
  if (found !== null) {
    throw bad(
      `Expected no control character outside of quotes, got one at character ${start + found.index + 1}; write "\\u00XX".`,
    );
  }
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.toString('utf8') !== text)
    throw bad(`Expected text at character ${start + 1}, got half a character.`);
  return { bytes, quoted: false };
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function bad(message: string): ReplError {
  return new ReplError('REPL_BAD_LINE', message);
}
