import type { Pair, Scan } from '../index.js';
import type { Exchange } from './exchange.js';
import { failureOf } from './failure.js';
import { type BytesEncoding, jsonOfBytes } from './json-bytes.js';
import { NDJSON_HEADERS, sendHead } from './send.js';

/**
 * Answers with the pairs of a scan as NDJSON, `{"key": ..., "value": ...}` a line, no faster than the client takes
 * them. The scan, and with it the files that it pins, is let go when the answer has ended, however it has: a client
 * that went away ends it, too.
 *
 * Only an answer that ends as HTTP says (by a chunk of length 0) is complete. If reading fails in the middle, the last
 * line is `{"error": {...}}` and the connection is cut without that end; if it fails before anything was sent, the
 * error is thrown, for an answer of its own. Large values count as memory that the request holds, so many clients that
 * read slowly get HTTP_BUSY, in one of these two ways, and not the memory of the process.
 */
export async function answerScan(
  exchange: Exchange,
  scan: Scan,
  encoding: BytesEncoding,
  pause: () => Promise<void>,
): Promise<void> {
  const { response, share } = exchange;
  const next = async () => {
    const piece = await nextPiece(scan, encoding);
    const large = piece.text.length - 2 * PIECE_LENGTH;
    if (large > 0) share.take(large);
    return piece;
  };
  try {
    let piece = await next();
    sendHead(exchange, 200, NDJSON_HEADERS);
    while (!piece.last) {
      if (!(await isTaken(exchange, piece.text))) return;
      share.release();
      await pause();
      piece = await next();
    }
    response.end(piece.text);
  } catch (error) {
    if (!response.headersSent) throw error;
    const line = `${JSON.stringify({ error: failureOf(error, false).body })}\n`;
    await new Promise<void>((resolve) => {
      response.write(line, () => resolve());
      void exchange.closed.then(resolve);
    });
    response.destroy();
  } finally {
    await scan.return();
  }
}

/** Some lines: 64 KiB of them, or one that is longer; fewer at the end. */
interface Piece {
  readonly text: string;
  readonly last: boolean;
}

const PIECE_LENGTH = 64 * 1024;

async function nextPiece(scan: Scan, encoding: BytesEncoding): Promise<Piece> {
  let text = '';
  while (text.length < PIECE_LENGTH) {
    const { done, value } = await scan.next();
    if (done === true) return { text, last: true };
    text += lineOf(value, encoding);
  }
  return { text, last: false };
}

function lineOf([key, value]: Pair, encoding: BytesEncoding): string {
  return `{"key":${jsonOfBytes(key, encoding)},"value":${jsonOfBytes(value, encoding)}}\n`;
}

/** Resolves when there is room for more; with false if the client has gone. */
async function isTaken({ response }: Exchange, text: string): Promise<boolean> {
  if (!response.write(text) && !response.destroyed) {
    await new Promise<void>((resolve) => {
      const done = () => {
        response.off('drain', done).off('close', done);
        resolve();
      };
      response.on('drain', done).on('close', done);
    });
  }
  return !response.destroyed;
}
