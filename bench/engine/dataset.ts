import { type Random, stream } from '../../harness/random.js';

/**
 * The entries of the benchmark, the same for every engine: keys of 16 bytes, values of 100 bytes, and the order in
 * which they come. Keys are decimal numbers with leading zeros, as in LevelDB's db_bench; those that are stored are
 * even and those that are asked for and absent are odd, so that an absent key lies between two that are there and
 * only a filter or a look into the table can tell. Values are windows of one pool of random bytes, which no
 * compression makes smaller.
 */
export const KEY_BYTES = 16;
export const VALUE_BYTES = 100;

/** The key of entry `index`, a whole number from 0. */
export function presentKey(index: number): Buffer {
  return decimalKey(2 * index);
}

/** A key that is never stored, next to entry `index`. */
export function absentKey(index: number): Buffer {
  return decimalKey(2 * index + 1);
}

/** The value of entry `index`; a view of the pool, not to be changed. */
export function valueOf(index: number): Buffer {
  const start = (Math.imul(index, 0x9e37_79b1) >>> 0) % (POOL_BYTES - VALUE_BYTES);
  return pool.subarray(start, start + VALUE_BYTES);
}

/** The numbers from 0 to `count` - 1 in an order that depends on nothing but the name. */
export function shuffled(count: number, name: string): Uint32Array {
  const random = stream(SEED, 'bench', name);
  const indexes = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const held = indexes[last] ?? 0;
    indexes[last] = indexes[other] ?? 0;
    indexes[other] = held;
  }
  return indexes;
}

/** `count` numbers from 0 to `limit` - 1, drawn with repetition, by a stream of this name. */
export function drawn(count: number, limit: number, name: string): Uint32Array {
  const random = stream(SEED, 'bench', name);
  return Uint32Array.from({ length: count }, () => random.below(limit));
}

const SEED = 1;
const POOL_BYTES = 1 << 20;
const pool = randomBytesOf(stream(SEED, 'bench', 'values'));

function decimalKey(number: number): Buffer {
  return Buffer.from(String(number).padStart(KEY_BYTES, '0'), 'latin1');
}

function randomBytesOf(random: Random): Buffer {
  const bytes = Buffer.alloc(POOL_BYTES);
  for (let at = 0; at < POOL_BYTES; at += 4) bytes.writeUInt32LE(random.uint32(), at);
  return bytes;
}
