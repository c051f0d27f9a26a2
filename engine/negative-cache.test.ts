import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NegativeCache } from './negative-cache.js';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));
const key = fc.oneof(
  fc.array(fc.constantFrom(0, 97), { minLength: 1, maxLength: 3 }).map((bytes) => Uint8Array.from(bytes)),
  fc.uint8Array({ minLength: 1, maxLength: 200 }),
);
const step = fc.record({ kind: fc.constantFrom('remember' as const, 'forget' as const), key });

test('whatever is remembered and forgotten, it knows no key that was not remembered last', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 9 }),
      fc.array(step, { maxLength: 60 }),
      fc.array(key),
      (entries, steps, others) => {
        const cache = new NegativeCache(entries);
        const absent = new Map<string, boolean>();
        for (const { kind, key } of steps) {
          cache[kind](key);
          absent.set(Buffer.from(key).toString('hex'), kind === 'remember');
        }
        for (const asked of [...steps.map(({ key }) => key), ...others]) {
          if (cache.knows(asked)) expect(absent.get(Buffer.from(asked).toString('hex'))).toBe(true);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a key is known until it is forgotten, or another takes its slot', () => {
  const cache = new NegativeCache(1);
  cache.remember(bytesOf('cat'));
  expect(cache.knows(bytesOf('cat'))).toBe(true);
  cache.remember(bytesOf('dog'));
  expect([cache.knows(bytesOf('cat')), cache.knows(bytesOf('dog'))]).toEqual([false, true]);
  cache.forget(bytesOf('cow'));
  expect(cache.knows(bytesOf('dog'))).toBe(true);
  cache.forget(bytesOf('dog'));
  expect(cache.knows(bytesOf('dog'))).toBe(false);
});

test('of 2,000 keys in 4,096 slots most are known: the hash spreads them', () => {
  for (const name of [
    'user',
    'a-much-longer-prefix-that-all-of-the-keys-have-in-common-and-that-is-not-hashed-whole',
  ]) {
    const keys = Array.from({ length: 2_000 }, (_, index) => bytesOf(`${name}${index}`));
    const cache = new NegativeCache(4_096);
    for (const one of keys) cache.remember(one);
    // Thrown at random, 79 % would keep their slots.
    expect(keys.filter((one) => cache.knows(one)).length).toBeGreaterThan(1_500);
  }
});

test('keys of one hash are told apart', () => {
  // Of a long key only the ends are hashed.
  const [one, other] = [new Uint8Array(100).fill(7), new Uint8Array(100).fill(7)];
  other[50] = 8;
  const cache = new NegativeCache(4);
  cache.remember(one);
  expect([cache.knows(one), cache.knows(other)]).toEqual([true, false]);
  cache.forget(other);
  expect(cache.knows(other)).toBe(false);
});

test('what is remembered is a copy', () => {
  const cache = new NegativeCache(4);
  const buffer = Buffer.from('cat');
  cache.remember(buffer);
  buffer[0] = 98;
  expect([cache.knows(bytesOf('cat')), cache.knows(bytesOf('bat'))]).toEqual([true, false]);
});

test('very long keys are not remembered, and nothing is without slots', () => {
  const [cache, none] = [new NegativeCache(4), new NegativeCache(0)];
  cache.remember(new Uint8Array(1_025));
  none.remember(bytesOf('cat'));
  none.forget(bytesOf('cat'));
  expect([cache.knows(new Uint8Array(1_025)), none.knows(bytesOf('cat'))]).toEqual([false, false]);
});
