import { bytesOf } from './engine-test-workload.js';

/** For tests only: for every argument of every call of the engine the values that it must refuse. */

/** A class that says of itself what it likes. */
export class Liar extends Uint8Array {
  #claim = 3;
  static claiming(length: number, claim: number): Liar {
    const liar = new Liar(length);
    liar.#claim = claim;
    return liar;
  }
  override get length(): number {
    return this.#claim;
  }
}

function detached(length: number): Uint8Array {
  const bytes = new Uint8Array(length).fill(1);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

const explosive = new Proxy(
  {},
  {
    get: () => {
      throw new Error('read me not');
    },
    ownKeys: () => {
      throw new Error('read me not');
    },
  },
);
const revoked = Proxy.revocable([], {});
revoked.revoke();

/** None of these are bytes. */
const NO_BYTES: readonly unknown[] = [
  null,
  'text',
  7,
  7n,
  true,
  Symbol('key'),
  () => 0,
  {},
  [1, 2, 3],
  { length: 3, 0: 1, 1: 2, 2: 3 },
  new ArrayBuffer(3),
  new SharedArrayBuffer(3),
  new DataView(new ArrayBuffer(3)),
  new Uint16Array(3),
  new Uint8ClampedArray(3),
  Object.create(Uint8Array.prototype),
  new Proxy(new Uint8Array(3), {}),
  explosive,
  revoked.proxy,
  detached(3),
];
const NO_KEYS = [
  ...NO_BYTES,
  undefined,
  new Uint8Array(0),
  new Uint8Array(65_536),
  Liar.claiming(0, 3),
  Liar.claiming(65_536, 3),
];
const NO_BOUNDS = [...NO_BYTES, new Uint8Array(65_536), Liar.claiming(65_536, 3)];
const NO_VALUES = [...NO_BYTES, undefined, new Uint8Array(64 * 1024 * 1024 + 1)];
const NO_OPTIONS = [null, 7, 'sync', true, () => 0, explosive];
const NO_FLAGS = [null, 0, 1, 'true', {}];
const NO_LISTS = [
  null,
  undefined,
  7,
  'keys',
  {},
  new Set([bytesOf('a')]),
  new Uint8Array(3),
  explosive,
  revoked.proxy,
];

const good = bytesOf('good');
// Holes are items, too.
const holed: unknown[] = [bytesOf('a')];
holed.length = 3;

export type AnyEngine = Record<string, (...given: unknown[]) => unknown>;

/** A way to call, and the values for which it must be refused. */
export const CALLS: readonly (readonly [
  string,
  readonly unknown[],
  (engine: AnyEngine, wrong: unknown) => unknown,
])[] = [
  ['put key', NO_KEYS, (engine, key) => engine['put']?.(key, good)],
  ['put value', NO_VALUES, (engine, value) => engine['put']?.(good, value)],
  ['put options', NO_OPTIONS, (engine, options) => engine['put']?.(good, good, options)],
  ['put sync', NO_FLAGS, (engine, sync) => engine['put']?.(good, good, { sync })],
  ['delete key', NO_KEYS, (engine, key) => engine['delete']?.(key)],
  ['delete options', NO_OPTIONS, (engine, options) => engine['delete']?.(good, options)],
  ['delete sync', NO_FLAGS, (engine, sync) => engine['delete']?.(good, { sync })],
  ['write batch', NO_LISTS, (engine, batch) => engine['write']?.(batch)],
  [
    'write item',
    [...NO_OPTIONS, undefined, holed],
    (engine, item) => engine['write']?.([{ kind: 'delete', key: good }, item]),
  ],
  [
    'write kind',
    [null, undefined, 'PUT', 'del', 7],
    (engine, kind) => engine['write']?.([{ kind, key: good, value: good }]),
  ],
  [
    'write key',
    NO_KEYS,
    (engine, key) =>
      engine['write']?.([
        { kind: 'put', key: good, value: good },
        { kind: 'put', key, value: good },
      ]),
  ],
  ['write delete key', NO_KEYS, (engine, key) => engine['write']?.([{ kind: 'delete', key }])],
  ['write value', NO_VALUES, (engine, value) => engine['write']?.([{ kind: 'put', key: good, value }])],
  [
    'write options',
    NO_OPTIONS,
    (engine, options) => engine['write']?.([{ kind: 'put', key: good, value: good }], options),
  ],
  ['write options of nothing', NO_OPTIONS, (engine, options) => engine['write']?.([], options)],
  [
    'write sync',
    NO_FLAGS,
    (engine, sync) => engine['write']?.([{ kind: 'put', key: good, value: good }], { sync }),
  ],
  ['get key', NO_KEYS, (engine, key) => engine['get']?.(key)],
  ['get options', NO_OPTIONS, (engine, options) => engine['get']?.(good, options)],
  [
    'get snapshot',
    [null, 7, {}, { sequence: 1, release: () => undefined }],
    (engine, snapshot) => engine['get']?.(good, { snapshot }),
  ],
  ['getMany keys', [...NO_LISTS, holed], (engine, keys) => engine['getMany']?.(keys)],
  ['getMany key', NO_KEYS, (engine, key) => engine['getMany']?.([good, key])],
  ['getMany options', NO_OPTIONS, (engine, options) => engine['getMany']?.([good], options)],
  ['getMany snapshot', [null, {}], (engine, snapshot) => engine['getMany']?.([], { snapshot })],
  ['scan options', NO_OPTIONS, (engine, options) => engine['scan']?.(options)],
  ['scan gte', NO_BOUNDS, (engine, gte) => engine['scan']?.({ gte })],
  ['scan gt', NO_BOUNDS, (engine, gt) => engine['scan']?.({ gt })],
  ['scan lte', NO_BOUNDS, (engine, lte) => engine['scan']?.({ lte })],
  ['scan lt', NO_BOUNDS, (engine, lt) => engine['scan']?.({ lt })],
  ['scan reverse', NO_FLAGS, (engine, reverse) => engine['scan']?.({ reverse })],
  ['scan limit', [null, -1, 0.5, NaN, -Infinity, '1', 1n], (engine, limit) => engine['scan']?.({ limit })],
  ['scan snapshot', [null, {}], (engine, snapshot) => engine['scan']?.({ snapshot })],
  [
    'nextMany count',
    [null, undefined, 0, -1, 0.5, NaN, -Infinity, '1', 1n],
    async (engine, count) => {
      const scan = engine['scan']?.() as {
        nextMany(count: unknown): Promise<unknown>;
        return(): Promise<unknown>;
      };
      try {
        await scan.nextMany(count);
      } finally {
        await scan.return();
      }
    },
  ],
  ['compact options', NO_OPTIONS, (engine, range) => engine['compact']?.(range)],
  ['compact gte', NO_BOUNDS, (engine, gte) => engine['compact']?.({ gte })],
  ['compact lt', NO_BOUNDS, (engine, lt) => engine['compact']?.({ lt })],
];
