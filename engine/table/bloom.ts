import type { Hashes } from './hashes.js';

/**
 * A standard Bloom filter over the keys of one table: "certainly absent" or "perhaps there", and never a false
 * "absent". Each key sets five bits, found by double hashing (Kirsch and Mitzenmacher, "Less Hashing, Same
 * Performance") from two xxHash64 values whose seeds are drawn anew for each table, so that no set of keys is bad
 * for every table. Versions of one key count once. The blocked variant is not built; its place is the kind byte of
 * the sidecar (bloom-file.ts).
 */
export class BloomFilter {
  readonly seeds: BloomSeeds;
  /** Bit i is bit i % 8 (from the lowest) of byte floor(i / 8). A whole number of cache lines. */
  readonly bits: Uint8Array;
  readonly #hashes: Hashes;

  constructor(hashes: Hashes, seeds: BloomSeeds, bits: Uint8Array) {
    this.#hashes = hashes;
    this.seeds = seeds;
    this.bits = bits;
  }

  /** False only if the key was never added. */
  mayContain(key: Uint8Array): boolean {
    const bitCount = this.bits.length * 8;
    let bit = this.#hashes.lowHash64(key, this.seeds[0]) % bitCount;
    const stride = strideOf(this.#hashes.lowHash64(key, this.seeds[1]), bitCount);
    for (let probe = 0; probe < BLOOM_PROBES; probe++) {
      if (((this.bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
      bit = nextBit(bit, stride, bitCount);
    }
    return true;
  }
}

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

  finish(falsePositiveRate: number): BloomFilter {
    const bits = new Uint8Array(bloomBytes(this.#first.length, falsePositiveRate));
    const bitCount = bits.length * 8;
    for (const [index, first] of this.#first.entries()) {
      let bit = first % bitCount;
      const stride = strideOf(this.#second[index] ?? 0, bitCount);
      for (let probe = 0; probe < BLOOM_PROBES; probe++) {
        bits[bit >>> 3] = (bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
        bit = nextBit(bit, stride, bitCount);
      }
    }
    return new BloomFilter(this.#hashes, this.#seeds, bits);
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

/** 1 to bitCount - 1, so that the probes of a key are not all the same bit. */
function strideOf(hash: number, bitCount: number): number {
  return 1 + (hash % (bitCount - 1));
}

function nextBit(bit: number, stride: number, bitCount: number): number {
  const next = bit + stride;
  return next < bitCount ? next : next - bitCount;
}
