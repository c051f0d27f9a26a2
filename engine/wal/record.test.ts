import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EngineError } from '../errors.js';
import { decodeRecord, encodeHeader, encodeRecord, headerProblem, type WalWrite } from './record.js';

const bytes = fc.uint8Array({ maxLength: 300 });
const write: fc.Arbitrary<WalWrite> = fc.oneof(
  fc.record({ kind: fc.constant('value' as const), key: bytes, value: bytes }),
  fc.record({ kind: fc.constant('tombstone' as const), key: bytes }),
);
const writes = fc.array(write, { minLength: 1, maxLength: 200 });
const sequence = fc.maxSafeNat().map((number) => Math.max(1, number - 1_000));

/** A record with this payload and the right checksum. */
function sealed(payload: Uint8Array): Uint8Array {
  const record = Buffer.alloc(8 + payload.length);
  record.set(payload, 8);
  record.writeUInt32LE(payload.length, 0);
  record.writeUInt32LE(zlibCrc32(Buffer.concat([record.subarray(0, 4), payload])), 4);
  return record;
}

test('a batch is read back from its record, wherever that stands', () => {
  fc.assert(
    fc.property(sequence, writes, bytes, bytes, (first, all, before, after) => {
      const record = encodeRecord(first, all);
      const file = Buffer.concat([before, record, after]);
      expect(decodeRecord(file, before.length)).toEqual({
        kind: 'record',
        batch: { sequence: first, writes: all },
        end: before.length + record.length,
      });
    }),
  );
});

test('the checksum covers the length and the payload', () => {
  const record = encodeRecord(7, [{ kind: 'tombstone', key: Uint8Array.of(1) }]);
  expect(Buffer.from(record)).toEqual(sealed(record.subarray(8)));
});

test('zeros are never a record', () => {
  for (const length of [0, 7, 8, 9, 19, 4_096])
    expect(decodeRecord(new Uint8Array(length), 0).kind).toBe('bad');
});

test('a payload that encodeRecord does not make is malformed though its checksum is right', () => {
  const payload = encodeRecord(1, [
    { kind: 'value', key: Uint8Array.of(1), value: Uint8Array.of(2) },
  ]).subarray(8);
  const changed = (offset: number, value: number) => Object.assign(payload.slice(), { [offset]: value });
  const payloads = {
    'sequence number 0': changed(0, 0),
    'sequence number above 2^53 - 1': changed(7, 0x20),
    'no writes': changed(8, 0),
    'more writes than there are': changed(8, 2),
    'unknown type': changed(9, 3),
    'key past the end': changed(10, 200),
    'a byte too many': Buffer.concat([payload, Uint8Array.of(0)]),
  };
  for (const [name, one] of Object.entries(payloads)) {
    expect(decodeRecord(sealed(one), 0).kind, name).toBe('malformed');
  }
  expect(decodeRecord(sealed(payload), 0).kind).toBe('record');
});

test('a batch without writes or without a valid sequence number is refused', () => {
  const one: WalWrite = { kind: 'tombstone', key: Uint8Array.of(1) };
  expect(() => encodeRecord(1, [])).toThrow(EngineError);
  expect(() => encodeRecord(0, [one])).toThrow(EngineError);
  expect(() => encodeRecord(Number.MAX_SAFE_INTEGER, [one, one])).toThrow(EngineError);
  expect(encodeRecord(Number.MAX_SAFE_INTEGER, [one]).length).toBe(20);
});

test('a header is good for its own file number only', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (number, other) => {
      expect(headerProblem(encodeHeader(number), number)).toBeUndefined();
      if (other !== number) expect(headerProblem(encodeHeader(number), other)).toContain('another file');
    }),
  );
});
