/**
 * A read cursor over a bounded part of some bytes: the counterpart of `ByteWriter`. The bytes may be damaged in
 * any way; a read that would pass the end, or a number that JavaScript cannot hold exactly, throws a `CursorError`
 * and leaves the position where the read began. It copies nothing, so no length in the data makes it allocate.
 */
export class Cursor {
  readonly #view: DataView;
  readonly #end: number;
  #position: number;

  /** Reads from `start` up to, not including, `end`; both are offsets in `bytes`. */
  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    if (!(start >= 0 && start <= end && end <= bytes.length)) {
      throw new RangeError(`Byte ${start} to ${end} is not inside of ${bytes.length} bytes.`);
    }
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#position = start;
    this.#end = end;
  }

  /** Offset of the next byte, counted from the beginning of the bytes given (not from `start`). */
  get position(): number {
    return this.#position;
  }

  /** Bytes left before the end. */
  get remaining(): number {
    return this.#end - this.#position;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** Eight bytes that hold at most 2^53 - 1. */
  u64(): number {
    const start = this.#take(8);
    const low = this.#view.getUint32(start, true);
    const high = this.#view.getUint32(start + 4, true);
    if (high >= 2 ** 21) this.#fail(start, 'out of range');
    return high * 2 ** 32 + low;
  }

  /** One to eight bytes that hold at most 2^53 - 1. */
  varint(): number {
    const start = this.#position;
    let value = 0;
    for (let scale = 1; scale < 2 ** 56; scale *= 0x80) {
      if (this.#position === this.#end) this.#fail(start, 'truncated');
      const byte = this.#view.getUint8(this.#position++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value <= Number.MAX_SAFE_INTEGER ? value : this.#fail(start, 'out of range');
    }
    return this.#fail(start, 'out of range');
  }

  /** The next `length` bytes, as a view on the bytes given; never a Buffer, whose `slice` would not copy. */
  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return new Uint8Array(this.#view.buffer, this.#view.byteOffset + start, length);
  }

  /** A varint and as many bytes, as a view on the bytes given. */
  lengthPrefixed(): Uint8Array {
    const start = this.#position;
    const length = this.varint();
    if (length > this.remaining) this.#fail(start, 'truncated');
    return this.bytes(length);
  }

  #take(count: number): number {
    if (count > this.remaining) this.#fail(this.#position, 'truncated');
    const start = this.#position;
    this.#position += count;
    return start;
  }

  #fail(position: number, reason: CursorError['reason']): never {
    this.#position = position;
    throw new CursorError(reason, position);
  }
}

/** Bytes that do not hold what was asked for. Readers of a file turn it into `corrupt(...)` with the file's name. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
  /** 'truncated': the bytes end too early. 'out of range': a number above 2^53 - 1. */
  readonly reason: 'truncated' | 'out of range';
  /** Offset of the field that could not be read. */
  readonly position: number;

  constructor(reason: 'truncated' | 'out of range', position: number) {
    super(`${reason} at byte ${position}`);
    this.reason = reason;
    this.position = position;
  }
}
