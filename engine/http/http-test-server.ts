import { mkdtempSync, rmSync } from 'node:fs';
import { type ClientRequest, type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine, type EngineOptions, nodeEnvironment } from '../index.js';
import { faultyVfs, type VfsCall } from '../vfs/faulty-test-vfs.js';
import type { Vfs } from '../vfs/vfs.js';
import { type HttpOptions, type HttpServer, startServer } from './index.js';

/**
 * For tests only: a server on a database in a temporary directory, and clients that send exactly what they are told,
 * over real sockets. `before` may throw in the place of a call on the disk.
 */
export class TestServer {
  readonly directory: string;
  readonly engine: Engine;
  readonly server: HttpServer;
  /** What the server told its operator. */
  readonly reported: readonly unknown[];
  readonly #sockets = new Set<Socket>();

  private constructor(directory: string, engine: Engine, server: HttpServer, reported: readonly unknown[]) {
    this.directory = directory;
    this.engine = engine;
    this.server = server;
    this.reported = reported;
  }

  static async start(setup: TestSetup = {}): Promise<TestServer> {
    const directory = mkdtempSync(join(tmpdir(), 'ninelives-http-'));
    const plain = nodeEnvironment(directory);
    const faulty = setup.before === undefined ? plain.vfs : faultyVfs(plain.vfs, setup.before);
    const environment = { ...plain, vfs: setup.wrap?.(faulty) ?? faulty };
    const reported: unknown[] = [];
    const engine = await Engine.open(environment, setup.engine);
    const onError = (error: unknown) => void reported.push(error);
    const server = await startServer(engine, environment, { onError, ...setup.http });
    return new TestServer(directory, engine, server, reported);
  }

  /** One request on a connection of its own; the path goes out as it is. */
  async ask(method: string, path: string, body?: string | Uint8Array, headers = {}): Promise<Answer> {
    return await answerOf(
      this.open(method, path, { 'Content-Length': Buffer.byteLength(body ?? ''), ...headers }),
      body,
    );
  }

  /** A request whose body the caller writes. */
  open(method: string, path: string, headers: Readonly<Record<string, string | number>> = {}): ClientRequest {
    const client = request({
      host: '127.0.0.1',
      port: this.server.port,
      agent: false,
      method,
      path,
      headers,
    });
    client.on('socket', (socket) => this.#sockets.add(socket));
    return client;
  }

  /** A bare connection. */
  async connect(options: { readonly allowHalfOpen?: boolean } = {}): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port: this.server.port, ...options });
    this.#sockets.add(socket);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return socket;
  }

  /** Sends these bytes on a connection of their own and gives all that comes back until the server ends it. */
  async send(text: string): Promise<string> {
    const socket = await this.connect();
    socket.write(text, 'latin1');
    return await untilEnd(socket);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await this.server.close();
    await this.engine.close().catch(() => undefined);
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export interface TestSetup {
  readonly http?: Partial<HttpOptions>;
  readonly engine?: Partial<EngineOptions>;
  readonly before?: (call: VfsCall) => void;
  readonly wrap?: (vfs: Vfs) => Vfs;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
  /** Of an error. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Ends a request with this body and reads the whole answer; rejects if it is cut off. */
export async function answerOf(client: ClientRequest, body?: string | Uint8Array): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    client.once('error', reject).once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
      response.once('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString('utf8');
        const isJson = response.headers['content-type'] === 'application/json' && text !== '';
        const json = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes, text, json });
      });
    });
    client.end(body);
  });
}

/** All that a connection gives until it ends, one character a byte. */
export async function untilEnd(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  return await new Promise((resolve) => {
    socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
    socket.once('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

/** The pairs of an NDJSON answer in base64, as text with one character a byte. */
export function pairsOf(ndjson: string): (readonly [string, string])[] {
  return ndjson
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { key, value } = JSON.parse(line) as { key: string; value: string };
      return [Buffer.from(key, 'base64').toString('latin1'), Buffer.from(value, 'base64').toString('latin1')];
    });
}
