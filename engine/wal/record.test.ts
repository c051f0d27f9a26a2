import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EngineError } from '../errors.js';
import { decodeRecord, encodeHeader, headerProblem, type WalWrite } from './record.js';
import { encodeRecord } from './record-test-encode.js';

const bytes = fc.uint8Array({ maxLength: 300 });
const write: fc.Arbitrary<WalWrite> = fc.oneof(
  fc.record({ kind: fc.constant('value' as const), key: bytes, value: bytes }),
  fc.record({ kind: fc.constant('tombstone' as const), key: bytes }),
);
const writes = fc.array(write, { maxLength: 200 });
const TOMBSTONE: WalWrite = { kind: 'tombstone', key: Uint8Array.of(1) };
const sequence = fc.maxSafeNat().map((number) => Math.max(1, number - 1_000));

const NUMBER = 12;
const durable = fc.oneof(fc.nat(1_000), fc.maxSafeNat());

/** A record with this payload and the right checksum. */
function sealed(payload: Uint8Array): Uint8Array {
  const record = Buffer.alloc(8 + payload.length);
  record.set(payload, 8);
  record.writeUInt32LE(payload.length, 0);
  const number = Buffer.alloc(8);
  number.writeUInt32LE(NUMBER);
  record.writeUInt32LE(zlibCrc32(Buffer.concat([number, record.subarray(0, 4), payload])), 4);
  return record;
}

test('a batch is read back from its record, wherever that stands', () => {
  fc.assert(
    fc.property(sequence, writes, durable, bytes, bytes, (first, all, durableBytes, before, after) => {
      const batch = { sequence: first, writes: all };
      const record = encodeRecord(NUMBER, durableBytes, batch);
      const file = Buffer.concat([before, record, after]);
      expect(decodeRecord(file, before.length, NUMBER)).toEqual({
        kind: 'record',
        batch,
        durableBytes,
        end: before.length + record.length,
      });
    }),
  );
});

test('the checksum covers the file number, the length and the payload', () => {
  const record = encodeRecord(NUMBER, 17, { sequence: 7, writes: [TOMBSTONE] });
  expect(Buffer.from(record)).toEqual(sealed(record.subarray(8)));
});

test('a record of one WAL is none of another', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), sequence, writes, (number, other, first, all) => {
      fc.pre(number !== other);
      const record = encodeRecord(number, 17, { sequence: first, writes: all });
      expect(decodeRecord(record, 0, other)).toEqual({ kind: 'bad', problem: 'the checksum does not match' });
    }),
  );
});

test('zeros are never a record', () => {
  for (const length of [0, 7, 8, 9, 19, 4_096])
    expect(decodeRecord(new Uint8Array(length), 0, NUMBER).kind).toBe('bad');
});

test('a payload that encodeRecord does not make is malformed though its checksum is right', () => {
  const write: WalWrite = { kind: 'value', key: Uint8Array.of(1), value: Uint8Array.of(2) };
  const payload = encodeRecord(NUMBER, 17, { sequence: 1, writes: [write] }).subarray(8);
  const changed = (offset: number, value: number) => Object.assign(payload.slice(), { [offset]: value });
  const payloads = {
    'sequence number 0': changed(0, 0),
    'sequence number above 2^53 - 1': changed(7, 0x20),
    'durable bytes without an end': Buffer.concat([payload.subarray(0, 8), new Uint8Array(9).fill(0xff)]),
    'less writes than there are': changed(9, 0),
    'more writes than there are': changed(9, 2),
    'unknown type': changed(10, 3),
    'key past the end': changed(11, 200),
    'a byte too many': Buffer.concat([payload, Uint8Array.of(0)]),
  };
  for (const [name, one] of Object.entries(payloads)) {
    expect(decodeRecord(sealed(one), 0, NUMBER).kind, name).toBe('malformed');
  }
  expect(decodeRecord(sealed(payload), 0, NUMBER).kind).toBe('record');
});

test('a batch without valid sequence numbers is refused', () => {
  const encode = (first: number, ...all: WalWrite[]) =>
    encodeRecord(NUMBER, 17, { sequence: first, writes: all });
  expect(() => encode(0)).toThrow(EngineError);
  expect(() => encode(0, TOMBSTONE)).toThrow(EngineError);
  expect(() => encode(Number.MAX_SAFE_INTEGER, TOMBSTONE, TOMBSTONE)).toThrow(EngineError);
  expect(encode(Number.MAX_SAFE_INTEGER, TOMBSTONE).length).toBe(21);
});

test('a header is good for its own file number only', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (number, other) => {
      expect(headerProblem(encodeHeader(number), number)).toBeUndefined();
      if (other !== number) expect(headerProblem(encodeHeader(number), other)).toContain('another file');
    }),
  );
});
