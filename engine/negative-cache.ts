import { compareKeys } from './entry.js';

/**
 * Keys that are known to be absent from the newest state: who asks for the same absent key again and again is
 * answered without a look into the tables. Each key has one slot, found by a cheap hash of it, and a key that comes
 * later takes the slot. A slot holds the whole key, so two keys of one hash are never taken for each other.
 *
 * The engine keeps it true: it remembers a key in the same synchronous step in which it has found nothing at the newest
 * sequence number, and forgets every key that is written in the step in which the write becomes visible. Not for
 * reads of a snapshot, to which a key may be there that is deleted by now.
 */
export class NegativeCache {
  readonly #keys: (Uint8Array | undefined)[];
  /** The hash of the key of each slot, so that most other keys are told apart without a look at it. */
  readonly #hashes: Int32Array;
  #hits = 0;

  /** There are as many slots as the largest power of two up to `entries`; with 0 nothing is remembered. */
  constructor(entries: number) {
    const slots = entries < 1 ? 0 : 2 ** Math.floor(Math.log2(entries));
    this.#keys = new Array<undefined>(slots).fill(undefined);
    this.#hashes = new Int32Array(slots);
  }

  /** How often `knows` said yes. */
  get hits(): number {
    return this.#hits;
  }

  /** Whether the key is remembered as absent. */
  knows(key: Uint8Array): boolean {
    if (this.#keys.length === 0) return false;
    const hash = cheapHash(key);
    const slot = hash & (this.#keys.length - 1);
    if (this.#hashes[slot] !== hash) return false;
    const known = this.#keys[slot];
    if (known === undefined || compareKeys(known, key) !== 0) return false;
    this.#hits++;
    return true;
  }

  /** The key is absent from the newest state. Copies it; a key of more than 1 KiB is not remembered. */
  remember(key: Uint8Array): void {
    if (this.#keys.length === 0 || key.length > KEY_BYTES_MAX) return;
    const hash = cheapHash(key);
    const slot = hash & (this.#keys.length - 1);
    this.#hashes[slot] = hash;
    this.#keys[slot] = new Uint8Array(key);
  }

  /** The key is written. */
  forget(key: Uint8Array): void {
    if (this.#keys.length === 0) return;
    const hash = cheapHash(key);
    const slot = hash & (this.#keys.length - 1);
    // Another key of the same hash would be forgotten as well, which does no harm.
    if (this.#hashes[slot] === hash) this.#keys[slot] = undefined;
  }
}

/** So that 4,096 slots take no more than 4 MiB. */
const KEY_BYTES_MAX = 1_024;

/** Bytes that are hashed at either end of a key. */
const END_BYTES = 32;

/** 32 bits of the length and of both ends of a key, four bytes a step. Not for anybody who wants collisions to be rare. */
function cheapHash(key: Uint8Array): number {
  const { length } = key;
  if (length <= 2 * END_BYTES) return hashRange(key, 0, length, length);
  return hashRange(key, length - END_BYTES, length, hashRange(key, 0, END_BYTES, length));
}

function hashRange(key: Uint8Array, start: number, end: number, seed: number): number {
  let hash = seed ^ SEED;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const low = (key[at] as number) | ((key[at + 1] as number) << 8);
    const four = low | ((key[at + 2] as number) << 16) | ((key[at + 3] as number) << 24);
    hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ four, MULTIPLIER);
  }
  for (; at < end; at++) hash = Math.imul(((hash << 5) | (hash >>> 27)) ^ (key[at] as number), MULTIPLIER);
  return hash ^ (hash >>> 16);
}

const SEED = 0x27d4_eb2f;
const MULTIPLIER = 0x9e37_79b1;
