import { EngineError } from '../index.js';
import { checkCaller } from './callers.js';
import { carry, isWriting, type Service } from './carry.js';
import { HttpError } from './errors.js';
import type { Exchange } from './exchange.js';
import { failureOf } from './failure.js';
import { isLoopback } from './options.js';
import { type Route, routeOf } from './route.js';
import { sendFailure } from './send.js';
import { splitTarget } from './target.js';

/**
 * Answers one request, with an error if need be; never rejects. `late` says that it came when the server was already
 * going down.
 */
export async function answer(service: Service, exchange: Exchange, late: boolean): Promise<void> {
  const { environment, options, health } = service;
  const { request, response } = exchange;
  let route: Route | undefined;
  try {
    const target = splitTarget(request.url ?? '');
    checkCaller(request, target.authority, isLoopback(options.host));
    route = routeOf(request.method ?? '', target);
    if (late) throw new HttpError('HTTP_CLOSING', 'Expected a server that stays, this one is going down.');
    await carry(service, exchange, route);
  } catch (error) {
    const writing = route !== undefined && isWriting(route);
    health.note(error, writing);
    if (isReportable(error)) options.onError(error);
    if (response.headersSent) response.destroy();
    else await sendFailure(exchange, failureOf(error, writing), environment.clock);
  }
}

/** What whoever runs the server should know of: damage, a disk that fails, a mistake of ours. */
function isReportable(error: unknown): boolean {
  if (error instanceof EngineError) return error.code === 'ENGINE_IO' || error.code === 'ENGINE_CORRUPT';
  return !(error instanceof HttpError);
}
