import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Connections } from './connections.js';
import { HttpError } from './errors.js';
import { failureOf } from './failure.js';
import { jsonOf } from './send.js';

/**
 * Answers what is no request: bytes that are not HTTP, a head above its limit, a request that does not arrive in time.
 * There is no response object then, so the answer is written on the connection itself, which is closed after it. It is
 * the last in the line of the connection's answers; where that cannot be, because the body of a request in the line
 * broke off and its answer has perhaps begun, the connection is just ended.
 */
export function answerBroken(
  error: Error & { readonly code?: string },
  socket: Socket,
  connections: Connections,
): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const answer = () => {
    if (socket.writable) socket.end(textOf(refusalOf(error.code, error.message)), () => socket.destroySoon());
  };
  const line = connections.lineOf(socket);
  if (line === undefined || line.length === 0) answer();
  else if (line.request?.complete === true) void line.last.then(answer);
  else if (line.length === 1) answer();
  else socket.destroy();
}

/** A raw answer for a method that has no path, CONNECT. */
export function refuseTunnel(socket: Socket): void {
  const message = 'Expected a method for a key or a command, got CONNECT; this is no proxy.';
  socket.end(
    textOf(
      new HttpError('HTTP_METHOD_NOT_ALLOWED', message, { allow: ['GET', 'HEAD', 'PUT', 'DELETE', 'POST'] }),
    ),
  );
}

function refusalOf(code: string | undefined, message: string): HttpError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new HttpError('HTTP_HEAD_TOO_LARGE', 'Expected a shorter request line and fewer headers.');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new HttpError('HTTP_TIMEOUT', 'Expected the whole request sooner; nothing was written.');
  }
  return new HttpError('HTTP_BAD_REQUEST', `Expected an HTTP/1.1 request, got: ${message}.`);
}

function textOf(error: HttpError): string {
  const { status, headers, body } = failureOf(error, false);
  const { text, headers: ofJson } = jsonOf(body);
  const lines = Object.entries({ ...ofJson, ...headers, Connection: 'close' });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head}\r\n${text}`;
}
