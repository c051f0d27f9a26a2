import type { ServerResponse } from 'node:http';
import type { Clock } from '../index.js';
import { type Exchange, hasBody } from './exchange.js';
import type { Failure } from './failure.js';

/**
 * Sends answers. Nothing is ever to be taken for a page of this server by a browser (`nosniff`), or kept by a cache
 * (`no-store`).
 */
const HEADERS = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' } as const;
/** The headers of NDJSON of unknown length. */
export const NDJSON_HEADERS = { ...HEADERS, 'Content-Type': 'application/x-ndjson' } as const;

/** An empty answer. */
export function sendNothing(exchange: Exchange, status: 200 | 201 | 204): void {
  sendHead(exchange, status, { ...HEADERS, ...(status === 204 ? {} : { 'Content-Length': 0 }) }).end();
}

/** A value. For HEAD node leaves the body out and keeps its length. */
export function sendBytes(exchange: Exchange, bytes: Uint8Array): void {
  const type = { 'Content-Type': 'application/octet-stream', 'Content-Length': bytes.length };
  sendHead(exchange, 200, { ...HEADERS, ...type }).end(bytes);
}

/** A JSON value, closed by a line feed. */
export function sendJson(exchange: Exchange, status: number, value: unknown): void {
  const { text, headers } = jsonOf(value);
  sendHead(exchange, status, headers).end(text);
}

/**
 * Sends an error. If the client is still sending a body that nobody wants, the answer goes out whole and the rest of
 * the body is thrown away for a moment, before the connection is closed: closing at once would reset it, and the
 * client would lose the answer that says why.
 */
export async function sendFailure(exchange: Exchange, failure: Failure, clock: Clock): Promise<void> {
  const { request, response, closed } = exchange;
  const { text, headers } = jsonOf(failure.body);
  if (request.complete || !hasBody(request)) {
    sendHead(exchange, failure.status, { ...headers, ...failure.headers }).end(text);
    return;
  }
  sendHead(exchange, failure.status, { ...headers, ...failure.headers, Connection: 'close' });
  // A HEAD has no body to write, and ends here all the same.
  if (request.method !== 'HEAD') response.write(text);
  await new Promise<void>((resolve) => {
    const cancel = clock.after(LINGER_MS, resolve);
    const done = () => {
      cancel();
      resolve();
    };
    request.once('end', done).once('close', done).resume();
    void closed.then(done);
  });
  response.end();
}

/** Begins an answer. A client that from here on takes nothing of it for `sendTimeoutMs` is disconnected. */
export function sendHead(
  { response, sendTimeoutMs }: Exchange,
  status: number,
  headers: Readonly<Record<string, string | number>>,
): ServerResponse {
  return response.setTimeout(sendTimeoutMs).writeHead(status, headers);
}

/** Headers and body of a JSON answer. */
export function jsonOf(value: unknown): {
  readonly text: string;
  readonly headers: Readonly<Record<string, string | number>>;
} {
  const text = `${JSON.stringify(value)}\n`;
  const type = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
  return { text, headers: { ...HEADERS, ...type } };
}

const LINGER_MS = 2_000;
