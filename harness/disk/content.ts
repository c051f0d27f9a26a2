import { hash64 } from './hash.js';

/**
 * The content of a file that does not change any more. Its hash is computed when it is first asked for; two contents
 * with the same bytes have the same hash.
 */
export class Content {
  static readonly EMPTY = new Content(new Uint8Array(0));
  readonly bytes: Uint8Array;
  #hash: readonly [number, number] | undefined;

  /** Takes the bytes as they are: the caller must not change them afterwards. */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Two words of 32 bits. */
  get hash(): readonly [number, number] {
    return (this.#hash ??= hash64(this.bytes));
  }
}
