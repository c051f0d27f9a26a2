import xxhash from 'xxhash-wasm';

/**
 * Hashes for telling disks apart: xxHash32 with two seeds, which unlike xxHash64 gives plain numbers. They decide
 * which states are skipped as equal, so 64 bits are kept; nobody attacks them.
 */
const hashes = await xxhash();

/** Two words of 32 bits for some bytes. */
export function hash64(bytes: Uint8Array): readonly [number, number] {
  return [hashes.h32Raw(bytes, 1), hashes.h32Raw(bytes, 2)];
}

/** The same for a text; remembered, since the same few paths come again and again. */
export function hashText(text: string): readonly [number, number] {
  const known = REMEMBERED.get(text);
  if (known !== undefined) return known;
  const hash = hash64(Buffer.from(text));
  if (REMEMBERED.size >= REMEMBERED_MAX) REMEMBERED.clear();
  REMEMBERED.set(text, hash);
  return hash;
}

const REMEMBERED = new Map<string, readonly [number, number]>();
const REMEMBERED_MAX = 10_000;
