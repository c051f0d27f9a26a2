/**
 * For tests: real servers, and what can go wrong between them and a client.
 *
 * `TestServer` is the engine's server on a database of its own, behind a door that can be made to lie or to be away.
 * `serveCommand` is the command `ninelives kv serve`, `programCommand` a program that does as a script says.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HttpServer, startServer } from '../http/index.js';
import { Engine, nodeEnvironment } from '../index.js';

/** Answers a request by itself, or gives false to have it answered by the real server. */
export type Trick = (request: IncomingMessage, response: ServerResponse) => boolean;

export class TestServer {
  /** Method and path of every request, as they came. */
  readonly requests: string[] = [];
  readonly #directory = mkdtempSync(join(tmpdir(), 'ninelives-test-server-'));
  readonly #sockets = new Set<Socket>();
  readonly #door = createServer((request, response) => this.#take(request, response));
  #engine: Engine | undefined;
  #server: HttpServer | undefined;
  trick: Trick = () => false;

  async listen(port = 0): Promise<URL> {
    const environment = nodeEnvironment(this.#directory);
    this.#engine = await Engine.open(environment, { durability: 'os' });
    this.#server = await startServer(this.#engine, environment);
    this.#door.on('connection', (socket) => this.#sockets.add(socket));
    await new Promise<void>((resolve) => this.#door.listen(port, '127.0.0.1', resolve));
    return new URL(`http://127.0.0.1:${(this.#door.address() as AddressInfo).port}`);
  }

  /** A second call does nothing. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#door.close(resolve));
    await this.#server?.close();
    await this.#engine?.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  /** What the database has for a key; both are byte text. */
  async value(key: string): Promise<string | undefined> {
    const value = await this.#engine?.get(Buffer.from(key, 'latin1'));
    return value === undefined ? undefined : Buffer.from(value).toString('latin1');
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const { method, url: path, headers } = request;
    this.requests.push(`${method} ${path}`);
    if (this.trick(request, response)) return;
    const forwarded = requestOf(
      { host: '127.0.0.1', port: this.#server?.port, method, path, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    forwarded.on('error', () => response.destroy());
    request.pipe(forwarded);
  }
}

/** A line of an answer to a scan, from byte text. */
export function pairLine(key: string, value: string): string {
  const [keyText, valueText] = [key, value].map((text) => Buffer.from(text, 'latin1').toString('base64'));
  return `${JSON.stringify({ key: keyText, value: valueText })}\n`;
}

/** The command that serves the database in this directory, at a free port. */
export function serveCommand(directory: string): [string, ...string[]] {
  const command = join(import.meta.dirname, '..', '..', 'cli', 'ninelives.mjs');
  return [process.execPath, command, 'kv', 'serve', directory, '--port', '0', '--durability', 'os'];
}

/** A program that does as this script says; `words` begin at its `process.argv[1]`. */
export function programCommand(script: string, ...words: readonly string[]): [string, ...string[]] {
  return [process.execPath, '--input-type=module', '--eval', script, ...words];
}
