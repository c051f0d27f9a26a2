import { InspectError } from './inspect-error.js';

/**
 * A stream of bytes as lines, with their numbers from 1. Lines end with `\n` or `\r\n`; the last one need not end. No
 * more of the stream is in memory than one line and one piece of it.
 */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/** Throws 'malformed-line' for a line of more than `bytesMax` bytes or one that is not UTF-8. */
export async function* readLines(
  pieces: AsyncIterable<Uint8Array>,
  bytesMax: number,
): AsyncGenerator<Line, undefined> {
  let number = 1;
  let begun: Uint8Array[] = [];
  let begunBytes = 0;
  const take = (piece: Uint8Array): void => {
    begunBytes += piece.length;
    if (begunBytes > bytesMax) throw malformed(number, `expected at most ${bytesMax} bytes, got more`);
    begun.push(piece);
  };
  const finish = (): Line => {
    const line = { number, text: decode(number, Buffer.concat(begun)) };
    number++;
    begun = [];
    begunBytes = 0;
    return line;
  };
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      take(piece.subarray(start, end));
      yield finish();
      start = end + 1;
    }
    if (start < piece.length) take(piece.subarray(start));
  }
  if (begunBytes > 0) yield finish();
}

/** The error for a line that cannot be taken. */
export function malformed(line: number, problem: string): InspectError {
  return new InspectError('malformed-line', `line ${line}: ${problem}`, { line });
}

const NEWLINE = 0x0a;
const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(number: number, bytes: Uint8Array): string {
  try {
    return UTF_8.decode(bytes).replace(/\r$/, '');
  } catch {
    throw malformed(number, 'expected UTF-8, got other bytes');
  }
}
