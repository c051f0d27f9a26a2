/**
 * Copies part of one byte array into another. A loop is quicker than the call of a built-in function for keys and
 * small values, which are most of what the engine moves.
 */

/** Copies `length` bytes at `from` in `source` to `at` in `target`. Both ranges must be inside, and not overlap. */
export function copyBytes(
  target: Uint8Array,
  at: number,
  source: Uint8Array,
  from: number,
  length: number,
): void {
  if (length <= LOOPED_BYTES_MAX) {
    for (let index = 0; index < length; index++) target[at + index] = source[from + index] as number;
  } else if (from === 0 && length === source.length) {
    target.set(source, at);
  } else {
    target.set(new Uint8Array(source.buffer, source.byteOffset + from, length), at);
  }
}

const LOOPED_BYTES_MAX = 40;
