/**
 * Narrows the interval in which each operation can have taken effect, before any search, by what the values prove.
 *
 * For one key, a write and all who read its value form a cluster: in every legal order nothing else that touches
 * the key comes between them, because a value that is replaced never returns (Gibbons & Korach, "Testing shared
 * memories", 1997). So if one member of a cluster precedes one member of another in real time, all of the first
 * precede all of the second: the first must be over before the second's write has to be, and the second cannot
 * begin before all of the first have been invoked. A delete, and a read that found nothing, are clusters of one.
 *
 * Narrow intervals narrow others, so this goes on until nothing changes or ROUNDS_MAX. An interval that becomes
 * empty proves that there is no legal order. Optional operations take no part: they may not have happened.
 */
import type { SearchOperation } from './search-operations.js';
import type { KeyValues } from './stretch.js';

const ROUNDS_MAX = 20;

/** The same operations with narrower intervals, by invocation; undefined if no legal order can exist. */
export function narrow(
  operations: readonly SearchOperation[],
  base: KeyValues,
  found: KeyValues | undefined,
): readonly SearchOperation[] | undefined {
  const clusters = clustersOf(operations, base, found);
  if (clusters === undefined) return undefined;
  const { invoke, end } = intervalsOf(operations);
  for (let round = 0, changed = true; changed && round < ROUNDS_MAX; round++) {
    changed = false;
    for (const ofKey of clusters) changed = narrowKey(ofKey, invoke, end) || changed;
    if (invoke.some((start, member) => start > (end[member] ?? Infinity))) return undefined;
  }
  return operations
    .map((operation, number) => ({ ...operation, invoke: invoke[number] ?? 0, end: end[number] ?? Infinity }))
    .sort((left, right) => left.invoke - right.invoke);
}

/** Members are numbers of operations; two more stand for the base and for the observation at the end. */
interface Cluster {
  readonly writer: number;
  readonly members: number[];
}

/** The clusters of each key; undefined if a value was read that nobody can have written. */
function clustersOf(
  operations: readonly SearchOperation[],
  base: KeyValues,
  found: KeyValues | undefined,
): readonly (readonly Cluster[])[] | undefined {
  const baseMember = operations.length;
  const foundMember = operations.length + 1;
  const keys = new Map<string, KeyClusters>();
  for (const [number, { effects, required }] of operations.entries()) {
    for (const [key, value] of effects) {
      let clusters = keys.get(key);
      if (clusters === undefined)
        keys.set(key, (clusters = new KeyClusters(base.get(key) ?? null, baseMember)));
      clusters.addWrite(number, value, required);
    }
  }
  const all = [...keys];
  for (const [number, { reading, record }] of operations.entries()) {
    if (reading === undefined) continue;
    const key = record.operation.kind === 'get' ? record.operation.key : undefined;
    const own = key === undefined ? undefined : keys.get(key);
    const read = key === undefined ? all : own === undefined ? [] : [[key, own] as const];
    for (const [name, clusters] of read) {
      if (reading.covers(name) && !clusters.addRead(number, reading.values.get(name) ?? null))
        return undefined;
    }
  }
  for (const [key, clusters] of found === undefined ? [] : all) {
    if (!clusters.addRead(foundMember, found?.get(key) ?? null)) return undefined;
  }
  return all.map(([, clusters]) => clusters.all);
}

class KeyClusters {
  readonly all: Cluster[];
  readonly #byValue: Map<string | null, Cluster>;

  constructor(base: string | null, baseMember: number) {
    const first = { writer: baseMember, members: [baseMember] };
    this.all = [first];
    this.#byValue = new Map([[base, first]]);
  }

  addWrite(number: number, value: string | null, required: boolean): void {
    const cluster = { writer: number, members: [number] };
    if (required) this.all.push(cluster);
    // With a delete about, an absence does not say which write it comes from.
    if (value === null) this.#byValue.delete(null);
    else if (required) this.#byValue.set(value, cluster);
  }

  /** False if nobody can have written the value. */
  addRead(number: number, value: string | null): boolean {
    const cluster = this.#byValue.get(value);
    if (cluster !== undefined) cluster.members.push(number);
    else if (value === null) this.all.push({ writer: number, members: [number] });
    return cluster !== undefined || value === null;
  }
}

function intervalsOf(operations: readonly SearchOperation[]): {
  readonly invoke: Float64Array;
  readonly end: Float64Array;
} {
  const invoke = Float64Array.from([...operations.map((operation) => operation.invoke), -1, Infinity]);
  const end = Float64Array.from([...operations.map((operation) => operation.end), -1, Infinity]);
  return { invoke, end };
}

/** One pass over the clusters of a key; true if an interval became narrower. */
function narrowKey(clusters: readonly Cluster[], invoke: Float64Array, end: Float64Array): boolean {
  const spans = clusters.map((cluster) => {
    const endFirst = cluster.members.reduce((least, member) => Math.min(least, end[member] ?? 0), Infinity);
    const invokeLast = cluster.members.reduce((most, member) => Math.max(most, invoke[member] ?? 0), -1);
    return { cluster, endFirst, invokeLast, writerEnd: end[cluster.writer] ?? Infinity };
  });
  const byEnd = [...spans].sort((left, right) => compare(left.endFirst, right.endFirst));
  const byInvoke = [...spans].sort((left, right) => compare(right.invokeLast, left.invokeLast));
  const lower = sweep(byInvoke.toReversed(), byEnd, (one, other) => other.endFirst < one.invokeLast, {
    boundOf: (span) => span.invokeLast,
    better: (left, right) => left > right,
  });
  const upper = sweep(byEnd.toReversed(), byInvoke, (one, other) => other.invokeLast > one.endFirst, {
    boundOf: (span) => span.writerEnd,
    better: (left, right) => left < right,
  });
  let changed = false;
  for (const { cluster, ...span } of spans.map((one) => ({
    ...one,
    lower: lower.get(one),
    upper: upper.get(one),
  }))) {
    const earliest = Math.max(span.lower ?? -1, invoke[cluster.writer] ?? -1);
    const latest = span.upper ?? Infinity;
    for (const member of cluster.members) {
      // The write comes before everyone who read it.
      const latestHere = member === cluster.writer ? Math.min(latest, span.endFirst) : latest;
      if ((invoke[member] ?? 0) < earliest) {
        invoke[member] = earliest;
        changed = true;
      }
      if ((end[member] ?? 0) > latestHere) {
        end[member] = latestHere;
        changed = true;
      }
    }
  }
  return changed;
}

interface Span {
  readonly cluster: Cluster;
  readonly endFirst: number;
  readonly invokeLast: number;
  readonly writerEnd: number;
}

/**
 * For each span the best bound among the other spans that stand in a relation to it. Both lists are sorted so that
 * the related ones are a prefix of `others` that only grows from one span to the next.
 */
function sweep(
  spans: readonly Span[],
  others: readonly Span[],
  related: (one: Span, other: Span) => boolean,
  bound: {
    readonly boundOf: (span: Span) => number;
    readonly better: (left: number, right: number) => boolean;
  },
): ReadonlyMap<Span, number> {
  const bounds = new Map<Span, number>();
  let best: Span | undefined;
  let second: Span | undefined;
  let at = 0;
  for (const span of spans) {
    for (let other = others[at]; other !== undefined && related(span, other); other = others[++at]) {
      if (best === undefined || bound.better(bound.boundOf(other), bound.boundOf(best))) {
        second = best;
        best = other;
      } else if (second === undefined || bound.better(bound.boundOf(other), bound.boundOf(second))) {
        second = other;
      }
    }
    const chosen = best === span ? second : best;
    if (chosen !== undefined) bounds.set(span, bound.boundOf(chosen));
  }
  return bounds;
}

/** Infinities are equal to each other; their difference would not be a number. */
function compare(left: number, right: number): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
