/**
 * For tests: servers with the API that a validation file needs.
 *
 * `TestServer` runs in the test's own process and can be made to lie or to be away. `testServerCommand` is one as a
 * program: it keeps what it acknowledges in a file, which is read again at its start, or, if it is the kind that
 * forgets, in memory only.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Answers a request by itself, or gives false to have it answered rightly. */
export type Trick = (request: IncomingMessage, response: ServerResponse) => boolean;

export class TestServer {
  readonly values = new Map<string, string>();
  /** Method and path of every request, as they came. */
  readonly requests: string[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  trick: Trick = () => false;

  async listen(port = 0): Promise<URL> {
    this.#server.on('connection', (socket) => this.#sockets.add(socket));
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return new URL(`http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = '' } = request;
    this.requests.push(`${method} ${url}`);
    if (this.trick(request, response)) return;
    const key = decoded(url.slice(1));
    if (url.startsWith('/_scan')) {
      response.end(this.#lines(new URLSearchParams(url.slice('/_scan'.length))));
    } else if (method === 'GET') {
      const value = this.values.get(key);
      response.statusCode = value === undefined ? 404 : 200;
      response.end(Buffer.from(value ?? '', 'latin1'));
    } else {
      const parts: Buffer[] = [];
      for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
      if (method === 'PUT') this.values.set(key, Buffer.concat(parts).toString('latin1'));
      else this.values.delete(key);
      response.statusCode = 204;
      response.end();
    }
  }

  #lines(query: URLSearchParams): string {
    const from = query.get('from') ?? '';
    const to = query.get('to') ?? '';
    const keys = [...this.values.keys()].sort().filter((key) => key >= from && key < to);
    return keys.map((key) => pairLine(key, this.values.get(key) ?? '')).join('');
  }
}

/** A line of an answer to a scan, from byte text. */
export function pairLine(key: string, value: string): string {
  const [keyText, valueText] = [key, value].map((text) => Buffer.from(text, 'latin1').toString('base64'));
  return `${JSON.stringify({ key: keyText, value: valueText })}\n`;
}

/** Percent-encoded bytes as byte text. */
function decoded(path: string): string {
  return path.replace(/%([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
}

/** `file`: where it keeps what it has. `forgets`: in memory only. */
export function testServerCommand(file: string, how: 'keeps' | 'forgets'): [string, ...string[]] {
  return [process.execPath, '--input-type=module', '--eval', PROGRAM, file, how];
}

/** A program that does as this script says; `file` is its `process.argv[1]`. */
export function programCommand(script: string, ...words: readonly string[]): [string, ...string[]] {
  return [process.execPath, '--input-type=module', '--eval', script, ...words];
}

const PROGRAM = `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
const [, file, how] = process.argv;
const values = new Map();
const change = ([key, value]) => (value === null ? values.delete(key) : values.set(key, value));
if (existsSync(file)) {
  const lines = readFileSync(file, 'utf8').split('\\n');
  for (const line of lines.slice(0, -1)) if (line.endsWith(']')) change(JSON.parse(line));
}
const server = createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const url = new URL(request.url, 'http://127.0.0.1');
  const key = decodeURIComponent(url.pathname.slice(1));
  if (key === '_scan') {
    const inside = (each) => each >= url.searchParams.get('from') && each < url.searchParams.get('to');
    const base64 = (text) => Buffer.from(text).toString('base64');
    const keys = [...values.keys()].sort().filter(inside);
    for (const each of keys) response.write(JSON.stringify({ key: base64(each), value: base64(values.get(each)) }) + '\\n');
  } else if (request.method === 'GET') {
    response.statusCode = values.has(key) ? 200 : 404;
    response.write(values.get(key) ?? '');
  } else {
    const write = [key, request.method === 'PUT' ? Buffer.concat(parts).toString() : null];
    if (how === 'keeps') appendFileSync(file, '\\n' + JSON.stringify(write) + '\\n');
    change(write);
    response.statusCode = 204;
  }
  response.end();
});
process.on('SIGTERM', () => process.exit(0));
server.listen(0, '127.0.0.1', () => console.log('listening on http://127.0.0.1:' + server.address().port));
`;
