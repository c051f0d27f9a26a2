import { TraceError } from './trace-error.js';

/**
 * Bytes of a trace's payloads, written and read. A varint is LEB128: seven bits a byte, lowest first, the high bit set
 * on all bytes but the last, at most 2^53 - 1. A text is UTF-8 behind its length. The reader believes nothing: every
 * read is bounded, and what does not fit is a TraceError 'corrupt' with its place in the file.
 */
export class TraceWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** 0 to 2^53 - 1; throws RangeError for anything else. */
  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0)
      throw new RangeError(`Expected a whole number for the trace, got ${value}.`);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80);
    this.byte(rest);
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  /** Throws RangeError for a text that UTF-8 cannot hold (half of a surrogate pair). */
  text(value: string): void {
    if (/\p{Surrogate}/u.test(value)) throw new RangeError(`Expected Unicode, got ${JSON.stringify(value)}.`);
    const encoded = Buffer.from(value, 'utf8');
    this.varint(encoded.length);
    this.bytes(encoded);
  }

  /** A copy of what was written; the writer is empty afterwards. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** The bytes of all parts; never a Buffer, whose slice would not copy. */
export function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Where the bytes of a reader come from. */
export interface ReaderPlace {
  readonly file: string;
  /** Of the first byte; of the chunk if the bytes were inflated and have no place of their own. */
  readonly offset: number;
  readonly inflated: boolean;
}

export class TraceReader {
  readonly #bytes: Uint8Array;
  readonly #place: ReaderPlace;
  #position = 0;

  constructor(bytes: Uint8Array, place: ReaderPlace) {
    this.#bytes = bytes;
    this.#place = place;
  }

  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  byte(what: string): number {
    const value = this.#bytes[this.#position];
    if (value === undefined) this.fail(what, 'the end of the chunk');
    this.#position++;
    return value;
  }

  /** A whole number from `min` to `max`. */
  varint(max: number, what: string, min = 0): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte(what);
      value += (byte & 0x7f) * scale;
      if (value > max || scale > 2 ** 49) this.fail(`${what} of at most ${max}`, 'more');
      if (byte < 0x80) break;
    }
    if (value < min) this.fail(`${what} of at least ${min}`, `${value}`);
    return value;
  }

  /** A length of at most `max` and as many bytes, as a view on the file. */
  lengthPrefixed(max: number, what: string): Uint8Array {
    const length = this.varint(max, `the length of ${what}`);
    if (length > this.remaining) this.fail(`${length} bytes of ${what}`, `${this.remaining}`);
    this.#position += length;
    return this.#bytes.subarray(this.#position - length, this.#position);
  }

  /** A text of at most `max` bytes. */
  text(max: number, what: string): string {
    const bytes = this.lengthPrefixed(max, what);
    try {
      return UTF8.decode(bytes);
    } catch {
      return this.fail(`UTF-8 for ${what}`, 'other bytes');
    }
  }

  /** All that is left. */
  rest(): Uint8Array {
    const rest = this.#bytes.subarray(this.#position);
    this.#position = this.#bytes.length;
    return rest;
  }

  expectEnd(): void {
    if (this.remaining > 0) this.fail('the end of the chunk', `${this.remaining} more bytes`);
  }

  fail(expected: string, got: string): never {
    const { file, offset, inflated } = this.#place;
    throw new TraceError('corrupt', {
      file,
      offset: inflated ? offset : offset + this.#position,
      expected: inflated ? `${expected} (at byte ${this.#position} of the inflated chunk)` : expected,
      got,
    });
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
