import fc from 'fast-check';
import type { CrashCase, Life, ScheduledOperation } from './case.js';
import type { Bounds, Operation, Write } from './operation.js';
import type { Workload } from './workload.js';

/**
 * Cases as fast-check makes and shrinks them. What is drawn is a plain record of raw choices; one mapping turns it
 * into a case: operations of the kinds that this case has switched off disappear (swarm testing: Groce et al.,
 * ISSTA 2012), and every write gets a value that names its place, so that no two writes write the same.
 *
 * Keys come from a pool so small that operations meet, with the awkward ones first: a prefix of another key, the
 * lowest and the highest byte, a long key.
 */
export function caseArbitrary(
  scenario: string,
  target: string,
  workload: Workload,
  endings: fc.Arbitrary<string>,
): fc.Arbitrary<CrashCase> {
  return fc
    .record({
      seed: fc.nat({ max: 2 ** 32 - 1 }),
      keyCount: fc.integer({ min: 1, max: Math.min(workload.keysMax, KEYS.length) }),
      off: fc.subarray([...OPERATION_KINDS]),
      variant: fc.constantFrom(...(workload.variants ?? [{}])),
      durability: fc.constantFrom('os' as const, 'os' as const, 'always' as const, 'interval' as const),
      emptyValue: fc.boolean(),
      lives: fc.array(fc.record({ operations: rawOperations(workload), end: endings }), {
        minLength: 1,
        maxLength: workload.livesMax,
      }),
    })
    .map(({ seed, keyCount, off, variant, durability, emptyValue, lives }) => {
      const keys = KEYS.slice(0, keyCount);
      // With every kind of write off there would be nothing to lose.
      const disabled = WRITE_KINDS.every((kind) => off.includes(kind)) ? [] : off;
      return {
        format: 1 as const,
        scenario,
        target,
        options: { ...workload.options, ...variant, durability },
        seed,
        lives: withEmptyValue(
          emptyValue,
          lives.map(({ operations, end }, life) => toLife(life, operations, end, keys, disabled)),
        ),
      };
    });
}

/** The pool of keys, in the order in which a case takes them. */
export const KEYS: readonly string[] = [
  'a',
  'b',
  'ab',
  'c',
  '\x00',
  '\xff',
  'abc',
  'd',
  'k'.repeat(300),
  'e',
  'f',
  'g',
  'h',
  'i',
  'j',
  'z',
];

const OPERATION_KINDS = [
  'put',
  'delete',
  'batch',
  'get',
  'get-many',
  'scan',
  'snapshot',
  'release',
  'sync',
  'flush',
  'compact',
  'open-again',
] as const;
const WRITE_KINDS = ['put', 'delete', 'batch'] as const;
const SLOW_READS: readonly unknown[] = ['get-many', 'scan'];

interface RawOperation {
  readonly kind: Operation['kind'];
  readonly key: number;
  readonly otherKey: number;
  readonly parts: readonly { readonly remove: boolean; readonly key: number }[];
  readonly padding: number;
  /** The snapshot to take, release or read through; from SNAPSHOTS on a read is as of now. */
  readonly snapshot: number;
  /** Which side of its keys a scan includes, and which way it goes. */
  readonly edges: number;
  readonly sync: boolean;
  readonly overlap: boolean;
  readonly turns: readonly number[];
}

function rawOperations({
  operationsMin = 0,
  operationsMax,
  crowded = false,
}: Workload): fc.Arbitrary<readonly RawOperation[]> {
  const index = fc.nat({ max: KEYS.length - 1 });
  const kind = fc.oneof(
    weighted('put', 20),
    weighted('delete', 10),
    weighted('batch', 14),
    weighted('get', 6),
    weighted('get-many', 4),
    weighted('scan', 5),
    weighted('snapshot', 3),
    weighted('release', 1),
    weighted('sync', crowded ? 12 : 2),
    weighted('flush', 2),
    weighted('compact', 3),
    weighted('open-again', 1),
  );
  const rare = fc.nat({ max: 5 }).map((drawn) => drawn === 5);
  const raw = fc.record({
    kind,
    key: index,
    otherKey: index,
    parts: fc.array(fc.record({ remove: rare, key: index }), { minLength: 1, maxLength: 4 }),
    padding: fc.constantFrom(0, 0, 0, 8, 40, 200),
    snapshot: fc.nat({ max: 3 }),
    edges: fc.nat({ max: 7 }),
    sync: rare,
    overlap: crowded ? fc.boolean() : rare,
    turns: fc.array(fc.nat({ max: 2 }), { maxLength: 3 }),
  });
  return fc.array(raw, { minLength: operationsMin, maxLength: operationsMax, size: 'max' });
}

/** Snapshots that a life may hold at a time. */
const SNAPSHOTS = 2;

function weighted<Kind extends Operation['kind']>(kind: Kind, weight: number) {
  return { weight, arbitrary: fc.constant(kind) };
}

function toLife(
  life: number,
  operations: readonly RawOperation[],
  end: string,
  keys: readonly string[],
  disabled: readonly string[],
): Life {
  const enabled = operations.filter((raw) => !disabled.includes(raw.kind));
  const scheduled = enabled.map((raw, index) => {
    // What is asked for while several keys are read is what a read of two moments would show.
    const meets = SLOW_READS.includes(enabled[index - 1]?.kind) && (raw.edges & AFTER) !== 0;
    return schedule({ ...raw, overlap: raw.overlap || meets }, `${life}.${index}`, keys);
  });
  return { operations: scheduled, end };
}

/** An empty value is a value and not a delete; since values are unique, only the first put of a case can write it. */
function withEmptyValue(wanted: boolean, lives: readonly Life[]): readonly Life[] {
  const number = lives.findIndex((life) => life.operations.some(({ operation }) => operation.kind === 'put'));
  const life = lives[number];
  if (!wanted || life === undefined) return lives;
  const index = life.operations.findIndex(({ operation }) => operation.kind === 'put');
  const operations = life.operations.map((scheduled, other) => {
    const { operation } = scheduled;
    if (other !== index || operation.kind !== 'put') return scheduled;
    return { ...scheduled, operation: { ...operation, value: '' } };
  });
  return lives.with(number, { ...life, operations });
}

function schedule(raw: RawOperation, place: string, keys: readonly string[]): ScheduledOperation {
  return {
    operation: toOperation(raw, place, keys),
    ...(raw.overlap ? { overlap: true } : {}),
    ...(raw.turns.length > 0 ? { turns: raw.turns } : {}),
  };
}

function toOperation(raw: RawOperation, place: string, keys: readonly string[]): Operation {
  const key = keys[raw.key % keys.length] ?? 'a';
  const sync = raw.sync ? { sync: true } : {};
  switch (raw.kind) {
    case 'put':
      return { kind: 'put', key, value: padded(place, raw.padding), ...sync };
    case 'delete':
      return { kind: 'delete', key, ...sync };
    case 'batch':
      return { kind: 'batch', writes: toWrites(raw, place, keys), ...sync };
    case 'get':
      return { kind: 'get', key, ...through(raw) };
    case 'get-many': {
      const others = raw.parts.map((part) => keys[part.key % keys.length] ?? 'a');
      return { kind: 'get-many', keys: [...new Set([key, ...others])], ...through(raw) };
    }
    case 'scan':
      return {
        kind: 'scan',
        ...(raw.padding === 0 ? {} : scanBounds(inOrder(key, raw, keys), raw.edges)),
        ...((raw.edges & REVERSE) === 0 ? {} : { reverse: true }),
        ...(raw.padding !== 0 && raw.sync ? { limit: 2 } : {}),
        ...through(raw),
      };
    case 'snapshot':
    case 'release':
      return { kind: raw.kind, snapshot: raw.snapshot % SNAPSHOTS };
    case 'compact': {
      const [gte, lt] = inOrder(key, raw, keys);
      return raw.edges < WHOLE ? { kind: 'compact' } : { kind: 'compact', gte, lt };
    }
    case 'sync':
    case 'flush':
    case 'open-again':
      return { kind: raw.kind };
  }
}

function through({ snapshot }: RawOperation): { readonly snapshot?: number } {
  return snapshot < SNAPSHOTS ? { snapshot } : {};
}

/** A batch writes each key once: of two writes to one key only the last could ever be seen. */
function toWrites(raw: RawOperation, place: string, keys: readonly string[]): readonly Write[] {
  const writes = new Map<string, Write>();
  for (const [part, { remove, key: index }] of raw.parts.entries()) {
    const key = keys[index % keys.length] ?? 'a';
    const value = padded(`${place}.${part}`, raw.padding);
    writes.set(key, remove ? { kind: 'delete', key } : { kind: 'put', key, value });
  }
  return [...writes.values()];
}

function inOrder(key: string, raw: RawOperation, keys: readonly string[]): readonly [string, string] {
  const other = keys[raw.otherKey % keys.length] ?? 'a';
  return key < other ? [key, other] : [other, key];
}

const AFTER = 1;
const INCLUDED = 2;
const REVERSE = 4;
/** Below this a compaction is one of the whole database. */
const WHOLE = 3;

function scanBounds([from, to]: readonly [string, string], edges: number): Bounds {
  return {
    ...((edges & AFTER) === 0 ? { gte: from } : { gt: from }),
    ...((edges & INCLUDED) === 0 ? { lt: to } : { lte: to }),
  };
}

function padded(place: string, padding: number): string {
  return padding === 0 ? place : `${place}:`.padEnd(padding, '.');
}
