import type { ScanOptions } from '../index.js';
import { KEY_BYTES_MAX } from '../options.js';
import { HttpError, tooLarge } from './errors.js';
import type { BytesEncoding } from './json-bytes.js';
import { keyRange, type KeyRange } from './key-range.js';
import {
  badParameter,
  choiceOf,
  flagOf,
  type Parameters,
  parametersOf,
  wholeNumberOf,
} from './parameters.js';
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
  | { readonly kind: 'compact'; readonly range: KeyRange }
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

function rangeOf(given: Parameters<'from' | 'to' | 'prefix'>): KeyRange {
  const { from, to, prefix } = given;
  if (to?.length === 0) {
    throw badParameter('Expected to to be a key, got nothing, which is before all keys; leave it out.');
  }
  if (from !== undefined) keyOf('from', from);
  if (to !== undefined) keyOf('to', to);
  if (prefix !== undefined) keyOf('prefix', prefix);
  return keyRange({ from, to, prefix });
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
