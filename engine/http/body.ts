import { HttpError, tooLarge } from './errors.js';
import type { Exchange } from './exchange.js';

/**
 * Reads a whole body into memory, and no more than `bytesMax` of it: a declared length above that is refused before
 * the first byte is read (and before a client that waits for `100 Continue` sends it), a chunked body when it gets
 * there. The stream is left alive, so that the refusal can still be sent.
 *
 * `what` names it in errors: 'a value'. Errors: HTTP_TOO_LARGE, HTTP_BUSY, HTTP_BAD_BODY if the client went away
 * before the end; then nothing of it may be used.
 */
export async function readBody(exchange: Exchange, what: string, bytesMax: number): Promise<Uint8Array> {
  const { request, response, continueWanted, share } = exchange;
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > bytesMax) throw tooLarge(what, bytesMax, `${declared}`);
  if (continueWanted) response.writeContinue();
  return await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const fail = (error: unknown) => {
      request.off('data', onData).pause();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length > bytesMax) {
        fail(tooLarge(what, bytesMax, `at least ${length}`));
        return;
      }
      try {
        share.take(chunk.length);
        chunks.push(chunk);
      } catch (error) {
        fail(error);
      }
    };
    request.on('data', onData);
    request.on('end', () => resolve(Buffer.concat(chunks, length)));
    request.on('error', (cause) => fail(cutOff(length, cause)));
    request.on('close', () => fail(cutOff(length)));
  });
}

function cutOff(length: number, cause?: unknown): HttpError {
  return new HttpError(
    'HTTP_BAD_BODY',
    `Expected the whole body, the connection ended after ${length} bytes of it; nothing was written.`,
    { cause },
  );
}
