import type { Engine, Environment, WriteOptions } from '../index.js';
import { parseBatch } from './batch-body.js';
import { readBody } from './body.js';
import { HttpError } from './errors.js';
import type { Exchange } from './exchange.js';
import { failureOf } from './failure.js';
import type { HealthProbe } from './health-probe.js';
import type { HeldMemory } from './held-memory.js';
import type { KeyWrites } from './key-writes.js';
import type { HttpOptions } from './options.js';
import type { Route } from './route.js';
import { answerScan } from './scan-answer.js';
import { NDJSON_HEADERS, sendBytes, sendHead, sendJson, sendNothing } from './send.js';

/**
 * Carries out one request and answers it. A write is answered when the engine has acknowledged it, never before; what
 * is thrown is answered by the caller.
 */
export async function carry(service: Service, exchange: Exchange, route: Route): Promise<void> {
  const { engine, environment, options, writes } = service;
  switch (route.kind) {
    case 'get':
      return await carryGet(service, exchange, route.key);
    case 'put': {
      const value = await readBody(exchange, 'a value', options.valueBytesMax);
      const outcome = await writes.put(route.key, value, syncOption(route.sync));
      return sendNothing(exchange, outcome === 'created' ? 201 : 200);
    }
    case 'delete':
      await writes.write([{ kind: 'delete', key: route.key }], syncOption(route.sync));
      return sendNothing(exchange, 204);
    case 'scan':
      if (exchange.request.method === 'HEAD') return void sendHead(exchange, 200, NDJSON_HEADERS).end();
      return await answerScan(exchange, engine.scan(route.options), route.encoding, environment.pause);
    case 'batch': {
      const body = await readBody(exchange, 'a batch', options.batchBytesMax);
      const limits = { operationsMax: options.batchOperationsMax, valueBytesMax: options.valueBytesMax };
      await writes.write(parseBatch(body, route.encoding, limits), syncOption(route.sync));
      return sendNothing(exchange, 204);
    }
    case 'flush':
      await engine.flush();
      return sendNothing(exchange, 204);
    case 'compact':
      await engine.compact(route.range);
      return sendNothing(exchange, 204);
    case 'stats':
      return sendJson(exchange, 200, engine.stats());
    case 'health':
      return await carryHealth(service, exchange);
  }
}

/** What requests work with. */
export interface Service {
  readonly engine: Engine;
  readonly environment: Pick<Environment, 'clock' | 'pause'>;
  readonly options: HttpOptions;
  readonly writes: KeyWrites;
  readonly health: HealthProbe;
  readonly held: HeldMemory;
}

/** True for what is to change the data, so that an error says what became of it. */
export function isWriting({ kind }: Route): boolean {
  return kind === 'put' || kind === 'delete' || kind === 'batch';
}

async function carryGet({ engine }: Service, exchange: Exchange, key: Uint8Array): Promise<void> {
  const value = await engine.get(key);
  if (value === undefined) {
    throw new HttpError(
      'HTTP_NOT_FOUND',
      `Expected the key to be there, found none of ${key.length} bytes like it.`,
    );
  }
  exchange.share.take(value.length);
  sendBytes(exchange, value);
}

/** 200 if writes are taken; 503, with the reason, if they are not. Reading goes on in both. */
async function carryHealth({ health }: Service, exchange: Exchange): Promise<void> {
  const failure = await health.failure();
  if (failure === undefined) return sendJson(exchange, 200, { status: 'ok' });
  const { code, message } = failureOf(failure, false).body;
  return sendJson(exchange, 503, { status: 'read-only', code, message });
}

function syncOption(sync: boolean | undefined): WriteOptions {
  return sync === undefined ? {} : { sync };
}
