import { endianness } from 'node:os';
import loadXxHash from 'xxhash-wasm';

/**
 * xxHash64 as the Bloom filter needs it: the low 32 bits as a plain number. A WebAssembly 64-bit result arrives as
 * a BigInt; storing it into a typed array and reading half of it back costs less than BigInt arithmetic (54 ns
 * against 73 ns for a key of 20 bytes on Node 20), and 32 bits are plenty for the bit counts of a table's filter.
 */
export interface Hashes {
  /** The low 32 bits of xxHash64 of `bytes` under `seed` (an unsigned 64-bit number), as 0 to 2^32 - 1. */
  lowHash64(bytes: Uint8Array, seed: bigint): number;
}

/**
 * Compiles the WebAssembly module, once a process; every later call gets the same functions. Opening an engine
 * does it by itself: call it ahead where opening must wait for nothing but its own I/O.
 */
export function loadHashes(): Promise<Hashes> {
  return (loaded ??= compile());
}

let loaded: Promise<Hashes> | undefined;

async function compile(): Promise<Hashes> {
  const xxHash = await loadXxHash();
  const whole = new BigUint64Array(1);
  const halves = new Uint32Array(whole.buffer);
  const low = endianness() === 'LE' ? 0 : 1;
  return {
    lowHash64(bytes, seed) {
      whole[0] = xxHash.h64Raw(bytes, seed);
      return halves[low] ?? 0;
    },
  };
}
