import fc from 'fast-check';
import type { EngineOptions, ScanOptions } from './index.js';

/**
 * For tests only: what a database is, without any tree: a map for every moment. A moment is never changed, so a snapshot
 * or a scan of the model is the moment at which it was taken. Keys and values are texts in latin1, one letter a byte.
 */
export type Moment = ReadonlyMap<string, string>;

export type Write = readonly [key: string, value: string | undefined];

export function after(moment: Moment, writes: readonly Write[]): Moment {
  const next = new Map(moment);
  for (const [key, value] of writes) {
    if (value === undefined) next.delete(key);
    else next.set(key, value);
  }
  return next;
}

/** Bounds and direction of a scan, as the model has them. */
export interface RangeSketch {
  readonly gte?: string;
  readonly gt?: string;
  readonly lte?: string;
  readonly lt?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** What a scan must give: all bounds hold, order is by bytes, the limit counts from where it starts. */
export function scanOf(moment: Moment, { gte, gt, lte, lt, reverse, limit }: RangeSketch): readonly Write[] {
  const compare = (left: string, right: string): number => Buffer.compare(bytes(left), bytes(right));
  const inside = [...moment]
    .filter(
      ([key]) =>
        (gte === undefined || compare(key, gte) >= 0) &&
        (gt === undefined || compare(key, gt) > 0) &&
        (lte === undefined || compare(key, lte) <= 0) &&
        (lt === undefined || compare(key, lt) < 0),
    )
    .sort(([left], [right]) => compare(left, right));
  return (reverse === true ? inside.reverse() : inside).slice(0, limit);
}

export function scanOptions({ reverse, limit, ...bounds }: RangeSketch): ScanOptions {
  const given = Object.entries(bounds).map(([name, bound]: [string, string]) => [name, bytes(bound)]);
  return {
    ...(Object.fromEntries(given) as ScanOptions),
    ...(reverse === undefined ? {} : { reverse }),
    ...(limit === undefined ? {} : { limit }),
  };
}

export function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

export function text(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : Buffer.from(value).toString('latin1');
}

/** Few short keys that are often neighbours, and some that are as long as a key may be. */
export const keyTexts: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc
      .array(fc.constantFrom('\x00', '\x01', 'a', '\xff'), { minLength: 1, maxLength: 3 })
      .map((letters) => letters.join('')),
  },
  { weight: 3, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 5 }).map((key) => text(key) ?? '') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '\xff'.repeat(65_535),
      `${'a'.repeat(65_534)}b`,
      'a'.repeat(65_535),
      'a'.repeat(65_534),
    ),
  },
);

const values: fc.Arbitrary<string> = fc.oneof(
  { weight: 10, arbitrary: fc.string({ maxLength: 8 }).map((value) => text(Buffer.from(value)) ?? '') },
  { weight: 2, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.integer({ min: 60, max: 9_000 }).map((length) => 'v'.repeat(length)) },
);

export const writes: fc.Arbitrary<Write> = fc.tuple(keyTexts, fc.option(values, { nil: undefined, freq: 3 }));

export const ranges: fc.Arbitrary<RangeSketch> = fc.record(
  {
    gte: fc.oneof(keyTexts, fc.constant('')),
    gt: keyTexts,
    lte: keyTexts,
    lt: fc.oneof(keyTexts, fc.constant('')),
    reverse: fc.boolean(),
    limit: fc.nat({ max: 6 }),
  },
  { requiredKeys: [] },
);

/** Limits so small that every few writes move files. */
const TINY: Partial<EngineOptions> = {
  memtableEntriesMax: 5,
  tableEntriesMax: 3,
  blockBytes: 64,
  restartInterval: 2,
  l0TablesMax: 3,
  l1TablesMax: 2,
  levelRatio: 2,
  l0TablesStall: 8,
  compactionRunsMax: 3,
};

/** Every way to keep data that the options offer: whoever adds one adds a line. */
export const VARIANTS: readonly (readonly [name: string, options: Partial<EngineOptions>])[] = [
  ['leveled', { ...TINY, compaction: 'leveled' }],
  ['tiered', { ...TINY, compaction: 'tiered' }],
  ['without a cache', { ...TINY, blockCacheBytes: 0 }],
  ['large blocks', { ...TINY, blockBytes: 4_096, tableEntriesMax: 100 }],
];
