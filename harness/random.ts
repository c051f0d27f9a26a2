/**
 * The one seeded generator. Every random choice comes from a stream that is named, so that a new choice in one
 * place does not shift the numbers of another: `stream(seed, 'workload', 'keys')`.
 *
 * The generator is sfc32 of PractRand (Chris Doty-Humphrey, public domain): 128 bits of state, seeded with three
 * words and mixed for 12 rounds. The words are the seed itself and two FNV-1a hashes of the name, so that two
 * seeds never share a stream. The numbers are part of saved cases and must never change. Not for secrets.
 */
export interface Random {
  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number;
  /** A whole number from 0 to `limit` - 1, each as likely. Throws RangeError unless `limit` is whole, 1 to 2^32. */
  below(limit: number): number;
  /** One of the items, each as likely. Throws RangeError if there is none. */
  pick<Item>(items: readonly Item[]): Item;
  /** True with this probability: 0 never, 1 always. */
  chance(probability: number): boolean;
}

/** The stream of this seed (whole, 0 to 2^32 - 1; RangeError otherwise) and name: the same numbers for ever. */
export function stream(seed: number, ...name: readonly string[]): Random {
  if (!Number.isInteger(seed) || seed < 0 || seed >= WORDS) {
    throw new RangeError(`Expected a seed that is a whole number from 0 to 2^32 - 1, got ${seed}.`);
  }
  // JSON keeps ('ab') and ('a', 'b') apart.
  const nameBytes = Buffer.from(JSON.stringify(name));
  const uint32 = sfc32(seed, fnv1a(nameBytes, FNV_BASIS), fnv1a(nameBytes, ~FNV_BASIS));
  const below = (limit: number) => uniformBelow(limit, uint32);
  return {
    uint32,
    below,
    pick: (items) => items[below(items.length)] as (typeof items)[number],
    chance: (probability) => uint32() < probability * WORDS,
  };
}

const WORDS = 2 ** 32;

function sfc32(seedA: number, seedB: number, seedC: number): () => number {
  let a = seedA | 0;
  let b = seedB | 0;
  let c = seedC | 0;
  let counter = 1;
  const next = () => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

const FNV_BASIS = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

function fnv1a(bytes: Uint8Array, basis: number): number {
  let hash = basis;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash;
}

/** Draws again where the last, incomplete range of `limit` words would favour small numbers. */
function uniformBelow(limit: number, uint32: () => number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > WORDS) {
    throw new RangeError(`Expected something to choose from, 1 to 2^32 of it, got ${limit}.`);
  }
  const unbiased = WORDS - (WORDS % limit);
  for (;;) {
    const word = uint32();
    if (word < unbiased) return word % limit;
  }
}
