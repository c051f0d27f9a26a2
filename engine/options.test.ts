import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_OPTIONS, type EngineOptions, resolveOptions } from './options.js';

const refusal = (name: string) =>
  expect.objectContaining({
    code: 'ENGINE_INVALID_OPTION',
    message: expect.stringContaining(name) as string,
  }) as Error;

test('what is not given has its default', () => {
  expect(resolveOptions({})).toEqual(DEFAULT_OPTIONS);
  expect(resolveOptions({ blockBytes: 512 })).toEqual({ ...DEFAULT_OPTIONS, blockBytes: 512 });
});

test('a number that is no number, or negative, or absurd is refused by name', () => {
  const numbers = Object.keys(DEFAULT_OPTIONS).filter((name) => name !== 'durability');
  fc.assert(
    fc.property(
      fc.constantFrom(...numbers),
      fc.constantFrom(-1, NaN, Infinity, 1e300, '5', null, undefined, true, {}),
      (name, value) => {
        expect(() => resolveOptions({ [name]: value })).toThrowError(refusal(name));
      },
    ),
  );
});

test('an unknown option and an unknown durability are refused by name', () => {
  expect(() => resolveOptions({ memtableEntryMax: 5 } as Partial<EngineOptions>)).toThrowError(
    refusal('memtableEntryMax'),
  );
  expect(() => resolveOptions({ toString: 5 } as unknown as Partial<EngineOptions>)).toThrowError(
    refusal('toString'),
  );
  expect(() => resolveOptions({ durability: 'never' as 'os' })).toThrowError(refusal('durability'));
});

test('a stall that begins before compaction would is refused: writers would wait for ever', () => {
  expect(() => resolveOptions({ l0TablesMax: 21 })).toThrowError(refusal('l0TablesStall'));
  expect(resolveOptions({ l0TablesMax: 20 }).l0TablesStall).toBe(20);
});

test('a choice that is no word, or options that are no object or cannot be read, are refused and not stumbled over', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  for (const value of [5n, Symbol('os'), circular, Object.create(null), null, undefined, ['os']]) {
    expect(() => resolveOptions({ compaction: value as 'leveled' })).toThrowError(refusal('compaction'));
    expect(() => resolveOptions({ blockBytes: value as number })).toThrowError(refusal('blockBytes'));
  }
  const explosive = new Proxy({}, { ownKeys: () => [].at(0) as unknown as string[] });
  for (const given of [null, 7, 'leveled', [], () => 0, explosive]) {
    expect(() => resolveOptions(given as unknown as Partial<EngineOptions>)).toThrowError(refusal('object'));
  }
});

test('an option is read once: what was checked is what is used', () => {
  let reads = 0;
  const given = {
    get blockBytes() {
      return reads++ === 0 ? 512 : -1;
    },
  };
  expect(resolveOptions(given).blockBytes).toBe(512);
});

test('the bounds of every number are taken, and what lies just beyond is refused', () => {
  const ranges = [
    ['syncIntervalMs', 1, 3_600_000],
    ['blockBytes', 64, 2 ** 24],
    ['levelsMax', 2, 16],
    ['compactionRunsMax', 2, 1_000],
    ['blockCacheBytes', 0, 2 ** 40],
    ['memtablesStall', 1, 1_000],
  ] as const;
  for (const [name, least, most] of ranges) {
    for (const value of [least, most]) expect(resolveOptions({ [name]: value })[name]).toBe(value);
    for (const value of [least - 1, most + 1, least + 0.5]) {
      expect(() => resolveOptions({ [name]: value })).toThrowError(refusal(name));
    }
  }
});
