import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32 } from '../bytes/crc.js';
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
  bloomFalsePositiveRate = 0.01,
): BloomFilter {
  const builder = new BloomBuilder(hashes, seeds);
  for (const key of keys) builder.add(key);
  return builder.finish({ bloomFalsePositiveRate, bloomKind });
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

test.each([
  ['standard', 1.3],
  ['blocked', 1.5],
] as const)('a %s filter has at most %d times as many false positives as were asked for', (kind, factor) => {
  const keys = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => Buffer.from(`${name}-${index}`));
  for (const [count, rate] of [
    [1_953, 0.01],
    [300, 0.01],
    [1_953, 0.05],
  ] as const) {
    let wrong = 0;
    for (let table = 1n; table <= 10n; table++) {
      const filter = build(keys('present', count), kind, [table, table << 40n], rate);
      for (const key of keys('absent', 10_000)) if (filter.mayContain(key)) wrong++;
    }
    expect(wrong).toBeGreaterThan(0);
    expect(wrong / 100_000).toBeLessThan(factor * rate);
  }
});

test('the bits of a key of a blocked filter are five, all in one cache line', () => {
  fc.assert(
    fc.property(arbitraryKey, arbitrarySeed, arbitrarySeed, (key, first, second) => {
      const builder = new BloomBuilder(hashes, [first, second]);
      for (let index = 0; index < 1_000; index++) builder.add(key);
      const { bits } = builder.finish({ bloomFalsePositiveRate: 0.01, bloomKind: 'blocked' });
      const set = [...bits.keys()].filter((byte) => bits[byte] !== 0);
      expect(new Set(set.map((byte) => byte >> 6)).size).toBe(1);
      const count = set.reduce(
        (sum, byte) => sum + (bits[byte]?.toString(2).replaceAll('0', '').length ?? 0),
        0,
      );
      expect(count).toBe(5);
    }),
  );
});

test('seeds are two 64-bit numbers out of four draws', () => {
  let state = 0;
  const seeds = drawSeeds(() => (state = (state + 0x9e37_79b9) >>> 0));
  expect(seeds).toEqual([0x9e3779b9_3c6ef372n, 0xdaa66d2b_78dde6e4n]);
});

test('one flipped byte anywhere makes the sidecar bad', () => {
  for (const kind of ['standard', 'blocked'] as const) {
    const good = encodeBloom(NUMBER, build([Buffer.from('a'), Buffer.from('b')], kind));
    for (const offset of good.keys()) {
      const bytes = Uint8Array.from(good);
      bytes[offset] = (bytes[offset] ?? 0) ^ 0x10;
      expect(() => decode(bytes)).toThrow(EngineError);
    }
  }
});

test('a kind that is not known is bad, though the checksum be right', () => {
  const bytes = encodeBloom(NUMBER, build([Buffer.from('a')]));
  bytes[5] = 2;
  new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
  expect(() => decode(bytes)).toThrow('expected kind 0 or 1');
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

test('a sidecar that was changed and sealed anew is a filter no larger than the file, or bad', () => {
  const good = encodeBloom(NUMBER, build([Buffer.from('a')]));
  const change = fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 255 }));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), fc.uint8Array(), (changes, key) => {
      const bytes = Uint8Array.from(good);
      for (const [at, byte] of changes) bytes[at] = byte;
      new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true);
      const filter = unlessCorrupt(() => decode(bytes));
      if (filter === undefined) return;
      expect(filter.bits.length).toBeLessThan(bytes.length);
      filter.mayContain(key);
    }),
    { numRuns: 1_000 },
  );
});

test('the hash is the low half of xxHash64', () => {
  // xxHash64 of the empty input under seed 0 is ef46db3751d8e999.
  expect(hashes.lowHash64(new Uint8Array(0), 0n)).toBe(0x51d8e999);
});
