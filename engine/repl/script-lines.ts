import { ReplError } from './errors.js';

/**
 * Cuts a stream of bytes into lines, at line feeds; a carriage return before one belongs to it. Bytes and not text,
 * because a decoder that mends what is not UTF-8 would write other keys than those that stand there.
 *
 * A line above the limit is given as far as it came, and is the last; `lineText` refuses it.
 */
export async function* scriptLines(
  input: AsyncIterable<Uint8Array>,
  bytesMax = LINE_BYTES_MAX,
): AsyncGenerator<Uint8Array, void> {
  let begun: Uint8Array[] = [];
  let begunLength = 0;
  for await (const chunk of input) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      yield Buffer.concat([...begun, chunk.subarray(start, end)]);
      [begun, begunLength, start] = [[], 0, end + 1];
    }
    begun.push(chunk.subarray(start));
    begunLength += chunk.length - start;
    if (begunLength > bytesMax) break;
  }
  if (begunLength > 0) yield Buffer.concat(begun);
}

/** The text of a line. Throws REPL_BAD_LINE if it is longer than `bytesMax`, or not UTF-8. */
export function lineText(line: Uint8Array, bytesMax = LINE_BYTES_MAX): string {
  if (line.length > bytesMax) {
    throw new ReplError('REPL_BAD_LINE', `Expected a line of at most ${bytesMax} bytes, got a longer one.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line).replace(/\r$/, '');
  } catch {
    throw new ReplError(
      'REPL_BAD_LINE',
      'Expected UTF-8, got bytes that are not; write "\\u00XX" for each such byte.',
    );
  }
}

/** Larger values go over HTTP or through the API. */
export const LINE_BYTES_MAX = 16 * 1024 * 1024;
const LINE_FEED = 0x0a;
