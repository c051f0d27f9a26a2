import { crc32 } from '../bytes/crc.js';
import { varintBytes } from '../bytes/writer.js';
import { EngineError } from '../errors.js';
import {
  isSpan,
  WAL_FRAME_BYTES,
  WAL_TYPE_TOMBSTONE,
  WAL_TYPE_VALUE,
  type WalBatch,
  type WalWrite,
} from './record.js';

/**
 * Batches as the bytes of records (format in record.ts), for one WAL. Every write goes through here, so the bytes are put
 * by hand into one buffer that is used again and again: that takes a quarter of the time that a `ByteWriter` a record
 * takes, which was as much as the system call that follows.
 */
export class RecordEncoder {
  /** File number (u64) and, filled in for each record, its length (u32): the first bytes that the checksum covers. */
  readonly #prefix = new Uint8Array(12);
  #bytes = new Uint8Array(BUFFER_BYTES);
  #end = 0;

  constructor(fileNumber: number) {
    putU64(this.#prefix, 0, fileNumber);
  }

  /**
   * The records of some batches, one after the other, of a file of which the first `durableBytes` bytes are known to be
   * durable: a sync that was called after they were appended has come to its end. The result is valid until the next
   * call. Throws ENGINE_INVALID_ARGUMENT, having encoded nothing, if a batch does not fit into a record (4 GiB), or if a
   * sequence number is not from 1 to 2^53 - 1.
   */
  encode(batches: readonly WalBatch[], durableBytes: number): Uint8Array {
    if (this.#bytes.length > BUFFER_BYTES_KEPT) this.#bytes = new Uint8Array(BUFFER_BYTES);
    this.#end = 0;
    for (const batch of batches) this.#add(batch, durableBytes);
    return this.#bytes.subarray(0, this.#end);
  }

  #add({ sequence, writes }: WalBatch, durableBytes: number): void {
    let length = 8 + varintBytes(durableBytes) + varintBytes(writes.length);
    for (const write of writes) length += writeBytes(write);
    if (length > 0xffff_ffff || !isSpan(sequence, writes.length)) {
      throw new EngineError(
        'ENGINE_INVALID_ARGUMENT',
        `Expected less than 4 GiB and sequence numbers from 1 to 2^53 - 1, got ${writes.length} writes, ${length} bytes, from sequence number ${sequence}.`,
      );
    }
    this.#reserve(WAL_FRAME_BYTES + length);
    const bytes = this.#bytes;
    const start = this.#end;
    const payload = start + WAL_FRAME_BYTES;
    let offset = putU64(bytes, payload, sequence);
    offset = putVarint(bytes, offset, durableBytes);
    offset = putVarint(bytes, offset, writes.length);
    for (const write of writes) offset = putWrite(bytes, offset, write);
    putU32(bytes, start, length);
    putU32(this.#prefix, 8, length);
    putU32(bytes, start + 4, crc32(this.#prefix, bytes.subarray(payload, offset)));
    this.#end = offset;
  }

  #reserve(count: number): void {
    if (this.#end + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#end + count, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = larger;
  }
}

const BUFFER_BYTES = 16 * 1024;
/** A buffer that one large batch has made larger than this is not kept. */
const BUFFER_BYTES_KEPT = 1024 * 1024;

function writeBytes(write: WalWrite): number {
  const keyBytes = 1 + varintBytes(write.key.length) + write.key.length;
  return write.kind === 'value' ? keyBytes + varintBytes(write.value.length) + write.value.length : keyBytes;
}

function putWrite(bytes: Uint8Array, start: number, write: WalWrite): number {
  bytes[start] = write.kind === 'value' ? WAL_TYPE_VALUE : WAL_TYPE_TOMBSTONE;
  const end = putField(bytes, start + 1, write.key);
  return write.kind === 'value' ? putField(bytes, end, write.value) : end;
}

function putField(bytes: Uint8Array, start: number, field: Uint8Array): number {
  const offset = putVarint(bytes, start, field.length);
  bytes.set(field, offset);
  return offset + field.length;
}

function putVarint(bytes: Uint8Array, start: number, value: number): number {
  let offset = start;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[offset++] = (rest % 0x80) | 0x80;
  bytes[offset++] = rest;
  return offset;
}

function putU32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value;
  bytes[offset + 1] = value >>> 8;
  bytes[offset + 2] = value >>> 16;
  bytes[offset + 3] = value >>> 24;
}

function putU64(bytes: Uint8Array, offset: number, value: number): number {
  putU32(bytes, offset, value >>> 0);
  putU32(bytes, offset + 4, Math.floor(value / 2 ** 32));
  return offset + 8;
}
