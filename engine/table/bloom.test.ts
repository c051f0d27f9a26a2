import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EngineError } from '../errors.js';
import {
  BloomBuilder,
  bloomBytes,
  drawSeeds,
  type BloomFilter,
  type BloomKind,
  type BloomSeeds,
} from './bloom.js';
import { decodeBloom, encodeBloom } from './bloom-file.js';
import { loadHashes } from './hashes.js';
import { arbitraryKey, unlessCorrupt } from './table-test-arbitraries.js';

const hashes = await loadHashes();
const NUMBER = 7;
const decode = (bytes: Uint8Array) => decodeBloom('l0/000007.bloom', bytes, NUMBER, hashes);

function build(
  keys: readonly Uint8Array[],
  bloomKind: BloomKind = 'standard',
  seeds: BloomSeeds = [1n, 2n],
): BloomFilter {
  const builder = new BloomBuilder(hashes, seeds);
  for (const key of keys) builder.add(key);
  return builder.finish({ bloomFalsePositiveRate: 0.01, bloomKind });
}

const arbitrarySeed = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const arbitraryKind = fc.constantFrom('standard' as const, 'blocked' as const);
const arbitraryKeys = fc.array(arbitraryKey, { minLength: 1, maxLength: 200 });

test('1,953 keys at 1 % take 2,496 bytes, 39 cache lines', () => {
  expect(bloomBytes(1_953, 0.01)).toBe(2_496);
});

test('the size is a whole number of cache lines, and at least one', () => {
  expect([bloomBytes(1, 0.5), bloomBytes(51, 0.01), bloomBytes(52, 0.01)]).toEqual([64, 64, 128]);
});

test('no key that was added is ever absent, before and after a round trip', () => {
  fc.assert(
    fc.property(
      arbitraryKeys,
      arbitraryKind,
      arbitrarySeed,
      arbitrarySeed,
      (keys, bloomKind, first, second) => {
        const filter = build(keys, bloomKind, [first, second]);
        const stored = decode(encodeBloom(NUMBER, filter));
        expect([stored.kind, stored.seeds]).toEqual([bloomKind, [first, second]]);
        for (const key of keys) expect(filter.mayContain(key) && stored.mayContain(key)).toBe(true);
      },
    ),
  );
});

test('fewer than 2 % of 20,000 absent keys are perhaps there', () => {
  const filter = build(Array.from({ length: 1_953 }, (_, index) => Buffer.from(`present-${index}`)));
  let wrong = 0;
  for (let index = 0; index < 20_000; index++) {
    if (filter.mayContain(Buffer.from(`absent-${index}`))) wrong++;
  }
  expect(wrong).toBeGreaterThan(0);
  expect(wrong / 20_000).toBeLessThan(0.02);
});

test('seeds are two 64-bit numbers out of four draws', () => {
  let state = 0;
  const seeds = drawSeeds(() => (state = (state + 0x9e37_79b9) >>> 0));
  expect(seeds).toEqual([0x9e3779b9_3c6ef372n, 0xdaa66d2b_78dde6e4n]);
});

test('one flipped byte anywhere makes the sidecar bad', () => {
  const good = encodeBloom(NUMBER, build([Buffer.from('a'), Buffer.from('b')]));
  for (const offset of good.keys()) {
    const bytes = Uint8Array.from(good);
    bytes[offset] = (bytes[offset] ?? 0) ^ 0x10;
    expect(() => decode(bytes)).toThrow(EngineError);
  }
});

test('a sidecar that is cut, too long or of another table is bad', () => {
  const good = encodeBloom(NUMBER, build([Buffer.from('a')]));
  for (let length = 0; length < good.length; length++) {
    expect(() => decode(good.subarray(0, length))).toThrow(EngineError);
  }
  expect(() => decode(Buffer.concat([good, Uint8Array.of(0)]))).toThrow('1 bytes follow');
  expect(() => decode(encodeBloom(8, build([Buffer.from('a')])))).toThrow('expected table number 7');
});

test('arbitrary bytes are bad, whatever they begin with', () => {
  const good = encodeBloom(NUMBER, build([Buffer.from('a')]));
  fc.assert(
    fc.property(fc.nat({ max: 40 }), fc.uint8Array({ maxLength: 120 }), (kept, garbage) => {
      const bytes = Buffer.concat([good.subarray(0, kept), garbage]);
      expect(unlessCorrupt(() => decode(bytes))).toBeUndefined();
    }),
  );
});

test('the hash is the low half of xxHash64', () => {
  // xxHash64 of the empty input under seed 0 is ef46db3751d8e999.
  expect(hashes.lowHash64(new Uint8Array(0), 0n)).toBe(0x51d8e999);
});
