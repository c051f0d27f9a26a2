import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeRecord, type WalBatch, type WalWrite } from './record.js';
import { RecordEncoder } from './record-encoder.js';
import { encodeRecord } from './record-test-encode.js';

const bytes = fc.uint8Array({ maxLength: 300 });
const write: fc.Arbitrary<WalWrite> = fc.oneof(
  fc.record({ kind: fc.constant('value' as const), key: bytes, value: bytes }),
  fc.record({ kind: fc.constant('tombstone' as const), key: bytes }),
);
const batch: fc.Arbitrary<WalBatch> = fc.record({
  sequence: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 2 ** 53 - 100 })),
  writes: fc.array(write, { maxLength: 8 }),
});
const number = fc.maxSafeNat();

test('an encoder that is used again gives, one after the other, the records that single ones give', () => {
  fc.assert(
    fc.property(number, fc.array(fc.tuple(fc.array(batch, { maxLength: 4 }), number)), (file, calls) => {
      const encoder = new RecordEncoder(file);
      for (const [batches, durable] of calls) {
        const expected = batches.map((one) => encodeRecord(file, durable, one));
        expect(Buffer.from(encoder.encode(batches, durable))).toEqual(Buffer.concat(expected));
      }
    }),
  );
});

test('what is encoded is decoded, whatever the numbers and bytes', () => {
  fc.assert(
    fc.property(number, number, batch, (file, durableBytes, one) => {
      const record = encodeRecord(file, durableBytes, one);
      expect(decodeRecord(record, 0, file)).toEqual({
        kind: 'record',
        batch: one,
        durableBytes,
        end: record.length,
      });
    }),
  );
});

test('a batch that is larger than all before does not change them, and a buffer that grew is given up again', () => {
  const encoder = new RecordEncoder(1);
  const small: WalBatch = { sequence: 1, writes: [{ kind: 'tombstone', key: Uint8Array.of(1) }] };
  const large: WalBatch = {
    sequence: 2,
    writes: [{ kind: 'value', key: Uint8Array.of(2), value: new Uint8Array(3_000_000).fill(7) }],
  };
  const both = encoder.encode([small, large], 17);
  expect(decodeRecord(both, encodeRecord(1, 17, small).length, 1)).toMatchObject({
    kind: 'record',
    batch: large,
  });
  const again = encoder.encode([small], 17);
  expect(again.buffer.byteLength).toBeLessThan(1_000_000);
  expect(Buffer.from(again)).toEqual(Buffer.from(encodeRecord(1, 17, small)));
});

test('sequence numbers that cannot be are refused', () => {
  const none = { writes: [{ kind: 'tombstone', key: Uint8Array.of(1) }] } as const;
  for (const sequence of [0, -1, Number.MAX_SAFE_INTEGER + 1]) {
    expect(() => new RecordEncoder(1).encode([{ sequence, ...none }], 0)).toThrowError(
      expect.objectContaining({ code: 'ENGINE_INVALID_ARGUMENT' }) as Error,
    );
  }
});
