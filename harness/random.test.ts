import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stream } from './random.js';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('the first numbers of a stream never change', () => {
  const first = (seed: number, ...name: string[]) => {
    const random = stream(seed, ...name);
    return [random.uint32(), random.uint32(), random.uint32(), random.uint32()];
  };
  expect(first(0)).toEqual([1577013302, 3567091078, 3009248650, 1001383044]);
  expect(first(42, 'workload', 'keys')).toEqual([1944832686, 1166779539, 792054056, 3386344576]);
  expect(first(2 ** 32 - 1, 'é')).toEqual([4158815221, 2321058631, 3097678861, 1984961332]);
});

test('the generator behind a stream is sfc32 as PractRand has it', () => {
  // Written out once more with BigInt arithmetic, from the description and not from the code.
  const mask = 0xffffffffn;
  const hash = (basis: bigint) =>
    [...Buffer.from('["a"]')].reduce((word, byte) => ((word ^ BigInt(byte)) * 0x01000193n) & mask, basis);
  let [a, b, c, counter] = [7n, hash(0x811c9dc5n), hash(0x811c9dc5n ^ mask), 1n];
  const next = () => {
    const result = (a + b + counter++) & mask;
    a = b ^ (b >> 9n);
    b = (c + (c << 3n)) & mask;
    c = ((((c << 21n) & mask) | (c >> 11n)) + result) & mask;
    return Number(result);
  };
  for (let round = 0; round < 12; round += 1) next();
  const random = stream(7, 'a');
  for (let draw = 0; draw < 100; draw += 1) expect(random.uint32()).toBe(next());
});

test('streams of other seeds or names give other numbers', () => {
  const names = [[], [''], ['a'], ['b'], ['a', 'b'], ['ab'], ['a,b'], ['a"', 'b']];
  const firsts = [0, 1, 2].flatMap((seed) => names.map((name) => stream(seed, ...name).uint32()));
  expect(new Set(firsts).size).toBe(firsts.length);
});

test('below stays below its limit', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 2 ** 32 }), (seed, limit) => {
      const drawn = stream(seed).below(limit);
      expect(Number.isInteger(drawn) && drawn >= 0 && drawn < limit).toBe(true);
    }),
  );
});

test('below gives every number about as often', () => {
  const random = stream(1, 'uniform');
  const counts = [0, 0, 0, 0, 0, 0];
  for (let draw = 0; draw < 60_000; draw += 1) {
    const drawn = random.below(6);
    counts[drawn] = (counts[drawn] ?? 0) + 1;
  }
  // Five standard deviations of a binomial with n = 60,000 and p = 1/6 are 456.
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(456);
});

test('a limit that leaves nothing to choose is refused', () => {
  for (const limit of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) {
    expect(() => stream(1).below(limit)).toThrow(RangeError);
  }
  expect(() => stream(1).pick([])).toThrow(RangeError);
});

test('pick gives one of the items', () => {
  fc.assert(
    fc.property(seeds, fc.array(fc.integer(), { minLength: 1 }), (seed, items) => {
      expect(items).toContain(stream(seed).pick(items));
    }),
  );
});

test('chance 0 never comes, chance 1 always, chance a quarter in about a quarter of the draws', () => {
  const random = stream(5, 'chance');
  let quarters = 0;
  for (let draw = 0; draw < 10_000; draw += 1) {
    expect(random.chance(0)).toBe(false);
    expect(random.chance(1)).toBe(true);
    if (random.chance(0.25)) quarters += 1;
  }
  expect(Math.abs(quarters - 2_500)).toBeLessThan(217);
});

test('a seed that is not 32 bits is refused', () => {
  for (const seed of [-1, 0.5, 2 ** 32, Number.NaN]) expect(() => stream(seed)).toThrow(RangeError);
});
