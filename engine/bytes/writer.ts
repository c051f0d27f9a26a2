/**
 * A byte writer that grows. Numbers are little endian; a varint is LEB128: seven bits a byte, lowest first, the
 * high bit set on all bytes but the last. Numbers that a field cannot hold throw a `RangeError`: they are a
 * mistake of the caller, never of the data.
 */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  /** `capacityBytes` saves copies if the size is known; it is no limit. */
  constructor(capacityBytes = 256) {
    this.#bytes = new Uint8Array(capacityBytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  u8(value: number): this {
    const offset = this.#grow(1, value, 0xff);
    this.#view.setUint8(offset, value);
    return this;
  }

  u16(value: number): this {
    const offset = this.#grow(2, value, 0xffff);
    this.#view.setUint16(offset, value, true);
    return this;
  }

  u32(value: number): this {
    const offset = this.#grow(4, value, 0xffff_ffff);
    this.#view.setUint32(offset, value, true);
    return this;
  }

  /** 0 to 2^53 - 1, in eight bytes. */
  u64(value: number): this {
    const offset = this.#grow(8, value, Number.MAX_SAFE_INTEGER);
    this.#view.setUint32(offset, value % 2 ** 32, true);
    this.#view.setUint32(offset + 4, Math.floor(value / 2 ** 32), true);
    return this;
  }

  /** 0 to 2^53 - 1, in one to eight bytes. */
  varint(value: number): this {
    let offset = this.#grow(varintBytes(value), value, Number.MAX_SAFE_INTEGER);
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#view.setUint8(offset++, (rest % 0x80) | 0x80);
    this.#view.setUint8(offset, rest);
    return this;
  }

  bytes(value: Uint8Array): this {
    const offset = this.#grow(value.length);
    this.#bytes.set(value, offset);
    return this;
  }

  /** The length as a varint, then the bytes. */
  lengthPrefixed(value: Uint8Array): this {
    return this.varint(value.length).bytes(value);
  }

  /** Fills in a field that was written before its value was known. */
  setU32(offset: number, value: number): this {
    if (offset + 4 > this.#length)
      throw new RangeError(`Byte ${offset} to ${offset + 4} is not written yet.`);
    this.#view.setUint32(offset, value, true);
    return this;
  }

  /** The bytes written so far, without a copy: do not write on while they are in use. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  /**
   * Checks the number, makes room for `count` bytes and gives the offset where they go. It may replace the buffer,
   * so call it in a statement of its own, before `this.#bytes` or `this.#view` is evaluated.
   */
  #grow(count: number, value = 0, valueMax = 0): number {
    if (!Number.isInteger(value) || value < 0 || value > valueMax) {
      throw new RangeError(`Expected a whole number from 0 to ${valueMax}, got ${value}.`);
    }
    const offset = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) this.#reallocate(this.#length);
    return offset;
  }

  #reallocate(bytesMin: number): void {
    const larger = new Uint8Array(Math.max(bytesMin, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}

/** How many bytes `ByteWriter.varint` takes for a whole number from 0 to 2^53 - 1: one to eight. */
export function varintBytes(value: number): number {
  let count = 1;
  for (let rest = value; rest >= 0x80 && count < 8; rest /= 0x80) count++;
  return count;
}
