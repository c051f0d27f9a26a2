import { type KeyBounds, type ScanOptions } from '../index.js';
import { KEY_BYTES_MAX } from '../options.js';
import { HttpError, tooLarge } from './errors.js';
import type { BytesEncoding } from './json-bytes.js';
import { badParameter, choiceOf, flagOf, parametersOf, wholeNumberOf } from './parameters.js';
import { percentDecoded, type Target } from './target.js';

/**
 * What a request asks for. A path is a command if it is, letter for letter, one of the six names with an underscore;
 * every other path is a key. So the key `_scan` is reached as `/%5Fscan`: names are compared before decoding.
 */
export type Route =
  | { readonly kind: 'get'; readonly key: Uint8Array }
  | { readonly kind: 'put'; readonly key: Uint8Array; readonly sync: boolean | undefined }
  | { readonly kind: 'delete'; readonly key: Uint8Array; readonly sync: boolean | undefined }
  | { readonly kind: 'scan'; readonly options: ScanOptions; readonly encoding: BytesEncoding }
  | { readonly kind: 'batch'; readonly sync: boolean | undefined; readonly encoding: BytesEncoding }
  | { readonly kind: 'flush' }
  | { readonly kind: 'compact'; readonly range: Pick<KeyBounds, 'gte' | 'lt'> }
  | { readonly kind: 'stats' }
  | { readonly kind: 'health' };

/** HEAD is routed as GET. Errors: HTTP_BAD_TARGET, HTTP_BAD_PARAMETER, HTTP_METHOD_NOT_ALLOWED, HTTP_TOO_LARGE. */
export function routeOf(method: string, { path, query }: Target): Route {
  const command = COMMANDS.get(path);
  if (command !== undefined) {
    if (!command.methods.includes(method)) throw notAllowed(method, command.methods);
    return command.route(query);
  }
  if (!KEY_METHODS.includes(method)) throw notAllowed(method, KEY_METHODS);
  const key = keyOf('a key', percentDecoded(path));
  if (key.length === 0) {
    throw new HttpError('HTTP_BAD_TARGET', 'Expected a key of at least one byte behind the slash, got none.');
  }
  if (method === 'GET' || method === 'HEAD') {
    parametersOf(query, []);
    return { kind: 'get', key };
  }
  const sync = syncOf(query);
  return method === 'PUT' ? { kind: 'put', key, sync } : { kind: 'delete', key, sync };
}

const KEY_METHODS: readonly string[] = ['GET', 'HEAD', 'PUT', 'DELETE'];
const READ_METHODS: readonly string[] = ['GET', 'HEAD'];

interface Command {
  readonly methods: readonly string[];
  readonly route: (query: string) => Route;
}

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['_scan', { methods: READ_METHODS, route: scanRoute }],
  ['_batch', { methods: ['POST'], route: batchRoute }],
  ['_flush', { methods: ['POST'], route: without({ kind: 'flush' }) }],
  ['_compact', { methods: ['POST'], route: compactRoute }],
  ['_stats', { methods: READ_METHODS, route: without({ kind: 'stats' }) }],
  ['_health', { methods: READ_METHODS, route: without({ kind: 'health' }) }],
]);

function scanRoute(query: string): Route {
  const given = parametersOf(query, ['from', 'to', 'prefix', 'limit', 'reverse', 'encoding']);
  const limit = wholeNumberOf('limit', given.limit);
  return {
    kind: 'scan',
    options: {
      ...rangeOf(given),
      reverse: flagOf('reverse', given.reverse) ?? false,
      ...(limit === undefined ? {} : { limit }),
    },
    encoding: encodingOf(given.encoding),
  };
}

function batchRoute(query: string): Route {
  const given = parametersOf(query, ['sync', 'encoding']);
  return { kind: 'batch', sync: flagOf('sync', given.sync), encoding: encodingOf(given.encoding) };
}

function compactRoute(query: string): Route {
  return { kind: 'compact', range: rangeOf(parametersOf(query, ['from', 'to', 'prefix'])) };
}

function without(route: Route): (query: string) => Route {
  return (query) => {
    parametersOf(query, []);
    return route;
  };
}

function syncOf(query: string): boolean | undefined {
  return flagOf('sync', parametersOf(query, ['sync']).sync);
}

function encodingOf(value: Uint8Array | undefined): BytesEncoding {
  return choiceOf('encoding', value, ['base64', 'utf8']);
}

/** From `from` (included) to `to` (excluded), and only keys that begin with `prefix`. */
function rangeOf({
  from,
  to,
  prefix,
}: {
  readonly from?: Uint8Array;
  readonly to?: Uint8Array;
  readonly prefix?: Uint8Array;
}): Pick<KeyBounds, 'gte' | 'lt'> {
  if (to?.length === 0) {
    throw badParameter('Expected to to be a key, got nothing, which is before all keys; leave it out.');
  }
  if (from !== undefined) keyOf('from', from);
  if (to !== undefined) keyOf('to', to);
  if (prefix !== undefined) keyOf('prefix', prefix);
  const end = prefix === undefined ? undefined : endOfPrefix(prefix);
  const gte = [from, prefix].filter(isGiven).sort(byBytes).at(-1);
  const lt = [to, end].filter(isGiven).sort(byBytes).at(0);
  return { ...(gte === undefined ? {} : { gte }), ...(lt === undefined ? {} : { lt }) };
}

/** The first key behind all that begin with `prefix`; undefined if there is none, as for a prefix of FF bytes only. */
function endOfPrefix(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  const end = prefix.slice(0, length);
  const last = end[length - 1];
  if (last === undefined) return undefined;
  end[length - 1] = last + 1;
  return end;
}

function byBytes(left: Uint8Array, right: Uint8Array): number {
  return Buffer.compare(left, right);
}

function isGiven(bytes: Uint8Array | undefined): bytes is Uint8Array {
  return bytes !== undefined;
}

function keyOf(what: string, bytes: Uint8Array): Uint8Array {
  if (bytes.length <= KEY_BYTES_MAX) return bytes;
  throw tooLarge(what, KEY_BYTES_MAX, `${bytes.length}`);
}

function notAllowed(method: string, allow: readonly string[]): HttpError {
  return new HttpError(
    'HTTP_METHOD_NOT_ALLOWED',
    `Expected ${allow.join(', ')} for this path, got ${method}; a key that has the name of a command begins with %5F.`,
    { allow },
  );
}
