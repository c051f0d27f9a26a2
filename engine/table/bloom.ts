import type { EngineOptions } from '../options.js';
import type { Hashes } from './hashes.js';

/**
 * A Bloom filter over the keys of one table: "certainly absent" or "perhaps there", and never a false "absent". Each
 * key sets five bits, found by double hashing (Kirsch and Mitzenmacher, "Less Hashing, Same Performance") from two
 * xxHash64 values whose seeds are drawn anew for each table, so that no set of keys is bad for every table. Versions of
 * one key count once.
 *
 * Standard, the five bits lie anywhere. Blocked, they lie in one cache line (Putze, Sanders and Singler, "Cache-, Hash-
 * and Space-Efficient Bloom Filters"), so that a look costs one access to memory; some lines get more keys than others,
 * and so there are more false positives: 1.1 % where 1 % was asked for, against 0.9 % standard.
 *
 * Most absent keys find their first bit unset, and that needs the first hash alone.
 */
export class BloomFilter {
  readonly kind: BloomKind;
  readonly seeds: BloomSeeds;
  /** Bit i is bit i % 8 (from the lowest) of byte floor(i / 8). A whole number of cache lines. */
  readonly bits: Uint8Array;
  readonly #hashes: Hashes;

  constructor(hashes: Hashes, kind: BloomKind, seeds: BloomSeeds, bits: Uint8Array) {
    this.#hashes = hashes;
    this.kind = kind;
    this.seeds = seeds;
    this.bits = bits;
  }

  /** False only if the key was never added. */
  mayContain(key: Uint8Array): boolean {
    const first = this.#hashes.lowHash64(key, this.seeds[0]);
    return this.kind === 'standard' ? this.#mayStandard(key, first) : this.#mayBlocked(key, first);
  }

  #mayStandard(key: Uint8Array, first: number): boolean {
    const { bits } = this;
    const bitCount = (bits.length * 8) >>> 0;
    let bit = (first >>> 0) % bitCount;
    if (!isSet(bits, bit)) return false;
    const stride = standardStride(this.#hashes.lowHash64(key, this.seeds[1]), bitCount);
    for (let probe = 1; probe < BLOOM_PROBES; probe++) {
      bit = nextBit(bit, stride, bitCount);
      if (!isSet(bits, bit)) return false;
    }
    return true;
  }

  #mayBlocked(key: Uint8Array, first: number): boolean {
    const { bits } = this;
    const lines = bits.length / CACHE_LINE_BYTES;
    const line = lineOf(first, lines);
    let bit = firstInLine(first, lines);
    if (!isSet(bits, line + bit)) return false;
    const stride = lineStride(this.#hashes.lowHash64(key, this.seeds[1]));
    for (let probe = 1; probe < BLOOM_PROBES; probe++) {
      bit = (bit + stride) % LINE_BITS;
      if (!isSet(bits, line + bit)) return false;
    }
    return true;
  }
}

/** Where the bits of a key lie; readers take either from the file. */
export type BloomKind = EngineOptions['bloomKind'];

/** Two unsigned 64-bit numbers. */
export type BloomSeeds = readonly [bigint, bigint];

/** New seeds out of four draws of 32 random bits. */
export function drawSeeds(randomUint32: () => number): BloomSeeds {
  const draw = () => (BigInt(randomUint32()) << 32n) | BigInt(randomUint32());
  return [draw(), draw()];
}

/** k: bits that each key sets. */
export const BLOOM_PROBES = 5;

/** The bits come in whole cache lines of this many bytes. */
export const CACHE_LINE_BYTES = 64;
const LINE_BITS = 8 * CACHE_LINE_BYTES;

/** Collects the hashes of a table's keys; the filter is made at the end, when their number is known. */
export class BloomBuilder {
  readonly #hashes: Hashes;
  readonly #seeds: BloomSeeds;
  readonly #first: number[] = [];
  readonly #second: number[] = [];

  constructor(hashes: Hashes, seeds: BloomSeeds) {
    this.#hashes = hashes;
    this.#seeds = seeds;
  }

  /** Adds a key; of several versions the caller adds only one. */
  add(key: Uint8Array): void {
    this.#first.push(this.#hashes.lowHash64(key, this.#seeds[0]));
    this.#second.push(this.#hashes.lowHash64(key, this.#seeds[1]));
  }

  finish({
    bloomFalsePositiveRate,
    bloomKind,
  }: Pick<EngineOptions, 'bloomFalsePositiveRate' | 'bloomKind'>): BloomFilter {
    const bits = new Uint8Array(bloomBytes(this.#first.length, bloomFalsePositiveRate));
    const set = bloomKind === 'standard' ? setStandard : setBlocked;
    for (let key = 0; key < this.#first.length; key++) {
      set(bits, this.#first[key] as number, this.#second[key] as number);
    }
    return new BloomFilter(this.#hashes, bloomKind, this.#seeds, bits);
  }
}

/**
 * Size of the bits for `keys` keys: the usual -ln p / (ln 2)^2 bits a key, rounded up to a whole number of bits a
 * key, and the product to whole cache lines. 1,953 keys at 1 % take 10 bits each and so 2,496 bytes, 39 lines.
 * The formula supposes the best number of probes for p. With five, rates from 0.5 % to 20 % are kept; below, the
 * filter gets larger and better, but not as good as asked (0.05 % instead of 0.01 %).
 */
export function bloomBytes(keys: number, falsePositiveRate: number): number {
  const bitsPerKey = Math.ceil(-Math.log(falsePositiveRate) / Math.LN2 ** 2);
  return Math.max(1, Math.ceil((keys * bitsPerKey) / (8 * CACHE_LINE_BYTES))) * CACHE_LINE_BYTES;
}

function setStandard(bits: Uint8Array, first: number, second: number): void {
  const bitCount = (bits.length * 8) >>> 0;
  const stride = standardStride(second, bitCount);
  let bit = (first >>> 0) % bitCount;
  for (let probe = 0; probe < BLOOM_PROBES; probe++) {
    setBit(bits, bit);
    bit = nextBit(bit, stride, bitCount);
  }
}

function setBlocked(bits: Uint8Array, first: number, second: number): void {
  const lines = bits.length / CACHE_LINE_BYTES;
  const line = lineOf(first, lines);
  const stride = lineStride(second);
  let bit = firstInLine(first, lines);
  for (let probe = 0; probe < BLOOM_PROBES; probe++) {
    setBit(bits, line + bit);
    bit = (bit + stride) % LINE_BITS;
  }
}

/** 1 to bitCount - 1, so that the probes of a key are not all the same bit. */
function standardStride(second: number, bitCount: number): number {
  return 1 + ((second >>> 0) % (bitCount - 1));
}

function nextBit(bit: number, stride: number, bitCount: number): number {
  const next = bit + stride;
  return next < bitCount ? next : next - bitCount;
}

/** The first bit of the line that a key is in. */
function lineOf(first: number, lines: number): number {
  return ((first >>> 0) % lines) * LINE_BITS;
}

/** What is left of the hash once the line is chosen. */
function firstInLine(first: number, lines: number): number {
  return Math.floor(first / lines) % LINE_BITS;
}

/** Odd, so that the probes of a key are all different. */
function lineStride(second: number): number {
  return (second % LINE_BITS) | 1;
}

function isSet(bits: Uint8Array, bit: number): boolean {
  return ((bits[bit >>> 3] as number) & (1 << (bit & 7))) !== 0;
}

function setBit(bits: Uint8Array, bit: number): void {
  bits[bit >>> 3] = (bits[bit >>> 3] as number) | (1 << (bit & 7));
}
