import { copyBytes } from './copy.js';

/**
 * Room for many small byte arrays. The engine makes one for each key and value that it copies, and V8 makes those of
 * up to 64 bytes in its own heap in some 15 ns, but asks the C library for every larger one, which takes 50 times as
 * long. So larger ones are cut from chunks. A chunk lives as long as any array that was cut from it; arrays of more
 * than a quarter of a chunk are made on their own, so that a small one never holds on to much more than a chunk.
 */
export class ByteArena {
  #chunk: ArrayBuffer = NO_CHUNK;
  #used = 0;

  /** `length` bytes of any content, for the caller to fill: not a Buffer, so that its `slice` copies. */
  take(length: number): Uint8Array<ArrayBuffer> {
    if (length <= IN_HEAP_BYTES_MAX || length > CHUNK_BYTES / 4) return new Uint8Array(length);
    if (this.#used + length > this.#chunk.byteLength) {
      this.#chunk = new ArrayBuffer(CHUNK_BYTES);
      this.#used = 0;
    }
    const bytes = new Uint8Array(this.#chunk, this.#used, length);
    this.#used += length;
    return bytes;
  }

  /** The same bytes, for the caller to keep. */
  copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const copy = this.take(bytes.length);
    copyBytes(copy, 0, bytes, 0, bytes.length);
    return copy;
  }
}

const CHUNK_BYTES = 16 * 1024;
/** What V8 puts into its own heap (its flag --typed-array-max-size-in-heap). */
export const IN_HEAP_BYTES_MAX = 64;
const NO_CHUNK = new ArrayBuffer(0);
