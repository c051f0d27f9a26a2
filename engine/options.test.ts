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
