import type { Environment } from './environment.js';
import { Engine } from './engine.js';
import { EngineError } from './errors.js';
import type { EngineOptions } from './options.js';

/**
 * For tests only: a fixed workload on an engine with limits so small that it rotates, flushes and compacts every
 * few writes, and what may be in the database after it stopped somewhere.
 */
export const SMALL: Partial<EngineOptions> = {
  memtableEntriesMax: 4,
  tableEntriesMax: 3,
  blockBytes: 64,
  l0TablesMax: 3,
  l1TablesMax: 2,
  levelRatio: 2,
  l0TablesStall: 6,
};

/** Ways to store and find the same data; every one must give the same answers. */
export const STORAGE: readonly Partial<EngineOptions>[] = [
  {},
  { compression: 'deflate', blockBytes: 512 },
  { bloomKind: 'blocked', bloomFalsePositiveRate: 0.5 },
  { openFilesMax: 1, blockCacheBytes: 0 },
  { negativeCacheEntries: 0 },
  { negativeCacheEntries: 2 },
];

export type Action =
  | { readonly kind: 'write'; readonly writes: Readonly<Record<string, string | null>>; readonly sync?: true }
  | { readonly kind: 'sync' | 'flush' | 'compact' };

/** Overwrites, deletes, batches, syncs, a flush and a compaction. */
export const ACTIONS: readonly Action[] = [
  ...Array.from({ length: 11 }, (_, index): Action => {
    return { kind: 'write', writes: { [`k${(index * 5) % 7}`]: `v${index}` } };
  }),
  { kind: 'write', writes: { k0: null, k3: 'batch', extra: 'batch' }, sync: true },
  { kind: 'write', writes: { k1: null } },
  { kind: 'flush' },
  { kind: 'write', writes: { k5: 'after the flush' } },
  { kind: 'compact' },
  { kind: 'write', writes: { k2: null, k6: 'tail' } },
  { kind: 'sync' },
  { kind: 'write', writes: { last: 'write' } },
];

/** What came of a workload: every content that the promises allow afterwards. */
export interface Outcome {
  /** One content, or two if the last write's outcome is unknown. Sorted `[key, value]` pairs. */
  readonly allowed: readonly (readonly (readonly [string, string])[])[];
  readonly error: unknown;
}

/** Runs the actions one after the other until one fails. */
export async function runActions(engine: Engine, actions: readonly Action[] = ACTIONS): Promise<Outcome> {
  const content = new Map<string, string>();
  for (const action of actions) {
    const before = sorted(content);
    try {
      if (action.kind === 'write') {
        await engine.write(batchOf(action.writes), action.sync === undefined ? {} : { sync: true });
        apply(content, action.writes);
      } else {
        await engine[action.kind]();
      }
    } catch (error) {
      if (action.kind !== 'write' || (error instanceof EngineError && error.outcome === 'none')) {
        return { allowed: [before], error };
      }
      apply(content, action.writes);
      return { allowed: [before, sorted(content)], error };
    }
  }
  return { allowed: [sorted(content)], error: undefined };
}

/** Opens, hands the engine out and closes it again, whatever happens. */
export async function withEngine<Value>(
  environment: Environment,
  use: (engine: Engine) => Promise<Value>,
  options: Partial<EngineOptions> = SMALL,
): Promise<Value> {
  const engine = await Engine.open(environment, options);
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

/** All pairs of a scan, each also asked for by `get`. */
export async function dump(engine: Engine): Promise<(readonly [string, string])[]> {
  const pairs: [string, string][] = [];
  for await (const [key, value] of engine.scan()) {
    const got = await engine.get(key);
    if (got === undefined || Buffer.compare(got, value) !== 0)
      throw new Error(`get and scan differ at ${textOf(key)}`);
    pairs.push([textOf(key), textOf(value)]);
  }
  return pairs;
}

export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function batchOf(writes: Readonly<Record<string, string | null>>) {
  return Object.entries(writes).map(([key, value]) =>
    value === null
      ? ({ kind: 'delete', key: bytesOf(key) } as const)
      : ({ kind: 'put', key: bytesOf(key), value: bytesOf(value) } as const),
  );
}

function apply(content: Map<string, string>, writes: Readonly<Record<string, string | null>>): void {
  for (const [key, value] of Object.entries(writes)) {
    if (value === null) content.delete(key);
    else content.set(key, value);
  }
}

function sorted(content: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...content].sort(([left], [right]) => (left < right ? -1 : 1));
}
