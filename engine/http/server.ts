import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Engine, Environment } from '../index.js';
import { KEY_BYTES_MAX } from '../options.js';
import { answer } from './answer.js';
import { answerBroken, refuseTunnel } from './broken-request.js';
import type { Service } from './carry.js';
import { Connections } from './connections.js';
import { HttpError } from './errors.js';
import { HealthProbe } from './health-probe.js';
import { HeldMemory } from './held-memory.js';
import { KeyWrites } from './key-writes.js';
import { type HttpOptions, resolveHttpOptions } from './options.js';

/**
 * Serves an open database over HTTP/1.1, on loopback unless told otherwise. The requests are in `route.ts`, what they
 * do in `carry.ts`, what goes wrong in `failure.ts`; docs/kv.md says it for users. The engine stays the
 * caller's: close the server first, then the engine.
 *
 * `environment` is the one that the engine was opened with; its clock bounds `close`. Errors: HTTP_INVALID_OPTION,
 * HTTP_ADDRESS.
 */
export async function startServer(
  engine: Engine,
  environment: Pick<Environment, 'clock' | 'pause'>,
  options: Partial<HttpOptions> = {},
): Promise<HttpServer> {
  const resolved = resolveHttpOptions(options);
  const server = new HttpServer({
    ...{ engine, environment, options: resolved },
    writes: new KeyWrites(engine),
    health: new HealthProbe(engine, environment.pause),
    held: new HeldMemory(resolved.heldBytesMax),
  });
  await server.listen();
  return server;
}

export class HttpServer {
  readonly #service: Service;
  readonly #connections = new Connections();
  readonly #server: Server;
  #closing: Promise<void> | undefined;
  #address: AddressInfo | undefined;

  /** Not listening yet; use `startServer`. */
  constructor(service: Service) {
    const { headTimeoutMs, requestTimeoutMs, connectionsMax } = service.options;
    this.#service = service;
    this.#server = createServer({
      maxHeaderSize: HEAD_BYTES_MAX,
      headersTimeout: headTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, headTimeoutMs),
    });
    this.#server.maxConnections = connectionsMax;
    this.#server
      .on('connection', (socket) => this.#connections.add(socket))
      .on('request', (request, response) => this.#take(request, response, false))
      .on('checkContinue', (request, response) => this.#take(request, response, true))
      .on('connect', (_request, socket) => refuseTunnel(socket as Socket))
      .on('clientError', (error, socket) => answerBroken(error, socket as Socket, this.#connections));
  }

  /** Resolves when requests are taken. HTTP_ADDRESS. */
  async listen(): Promise<void> {
    const { port, host } = this.#service.options;
    await new Promise<void>((resolve, reject) => {
      const fail = (cause: Error) => {
        const message = `Expected to listen on ${host} port ${port}, got: ${cause.message}; give another port or host.`;
        reject(new HttpError('HTTP_ADDRESS', message, { cause }));
      };
      this.#server.once('error', fail).listen(port, host, () => {
        this.#server.off('error', fail).on('error', this.#service.options.onError);
        this.#address = this.#server.address() as AddressInfo;
        resolve();
      });
    });
  }

  /** Where it listens, or did before it was closed. */
  get port(): number {
    return this.#address?.port ?? this.#service.options.port;
  }

  /** Such as `http://127.0.0.1:9009`, without a slash at the end. */
  get url(): string {
    const address = this.#address?.address ?? this.#service.options.host;
    return `http://${address.includes(':') ? `[${address}]` : address}:${this.port}`;
  }

  /**
   * Takes no more connections and requests, lets those that have arrived be answered, for `closeTimeoutMs` at the most,
   * and ends every connection. A second call returns the first one's promise.
   */
  async close(): Promise<void> {
    this.#closing ??= this.#closeNow();
    return await this.#closing;
  }

  async #closeNow(): Promise<void> {
    const { environment, options } = this.#service;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const cancel = environment.clock.after(options.closeTimeoutMs, () => this.#connections.destroy());
    await this.#connections.close();
    await closed;
    cancel();
  }

  #take(request: IncomingMessage, response: ServerResponse, continueWanted: boolean): void {
    const late = this.#closing !== undefined;
    const closed = new Promise<void>((resolve) => response.once('close', resolve));
    this.#connections.take(request, async () => {
      const { held, options } = this.#service;
      const share = held.share();
      const { sendTimeoutMs } = options;
      if (this.#closing !== undefined) response.setHeader('Connection', 'close');
      await answer(this.#service, { request, response, continueWanted, share, sendTimeoutMs, closed }, late);
      await closed;
      share.release();
    });
  }
}

/** Request line and headers: two bounds of a scan, each byte of them as %FF, and 16 KiB for the rest. */
const HEAD_BYTES_MAX = 2 * 3 * KEY_BYTES_MAX + 16 * 1024;
/** How often node looks for connections that are too slow. */
const TIMEOUT_CHECK_MS = 1_000;
