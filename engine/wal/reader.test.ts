import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EngineError } from '../errors.js';
import type { VfsFile } from '../vfs/vfs.js';
import { readWal, type WalContents } from './reader.js';
import { encodeHeader, encodeRecord, type WalBatch, type WalWrite } from './record.js';

const NUMBER = 12;
const bytes = fc.uint8Array({ maxLength: 12 });
const write: fc.Arbitrary<WalWrite> = fc.oneof(
  fc.record({ kind: fc.constant('value' as const), key: bytes, value: bytes }),
  fc.record({ kind: fc.constant('tombstone' as const), key: bytes }),
);

/** Batches with consecutive sequence numbers. */
const batchesOf = (minLength: number): fc.Arbitrary<WalBatch[]> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.array(fc.array(write, { minLength: 1, maxLength: 3 }), { minLength, maxLength: 5 }),
    )
    .map(([first, all]) => {
      let sequence = first;
      return all.map((writes) => {
        const batch = { sequence, writes };
        sequence += writes.length;
        return batch;
      });
    });

interface Encoded {
  readonly whole: Uint8Array;
  /** Where the records begin, and where the last one ends. */
  readonly offsets: readonly number[];
}

function encode(batches: readonly WalBatch[]): Encoded {
  const parts = [encodeHeader(NUMBER), ...batches.map((batch) => encodeRecord(batch.sequence, batch.writes))];
  let end = 0;
  return { whole: Buffer.concat(parts), offsets: parts.map((part) => (end += part.length)) };
}

function read(content: Uint8Array, newest = true): WalContents {
  const refuse = () => {
    throw new Error('A reader does not write.');
  };
  const file: VfsFile = {
    path: 'wal/000012.wal',
    size: () => content.length,
    read: (offset, length) => content.subarray(offset, offset + length),
    append: refuse,
    truncate: refuse,
    sync: refuse,
    close: refuse,
  };
  return readWal(file, NUMBER, newest);
}

/** The error that reading throws. */
function problem(content: Uint8Array, newest = true): EngineError {
  try {
    read(content, newest);
  } catch (error) {
    if (error instanceof EngineError && error.code === 'ENGINE_CORRUPT') return error;
    throw error;
  }
  throw new Error('Expected ENGINE_CORRUPT, but it was read.');
}

const flipped = (content: Uint8Array, offset: number, mask: number) =>
  content.map((byte, index) => (index === offset ? byte ^ mask : byte));

test('a whole WAL gives its batches, newest or not', () => {
  fc.assert(
    fc.property(batchesOf(0), fc.boolean(), (batches, newest) => {
      const { whole } = encode(batches);
      expect(read(whole, newest)).toEqual({ batches, validBytes: whole.length, torn: false });
    }),
  );
});

test('the newest WAL cut at any byte gives a prefix, torn if the cut is inside of a record', () => {
  fc.assert(
    fc.property(batchesOf(1), (batches) => {
      const { whole, offsets } = encode(batches);
      for (let cut = 0; cut <= whole.length; cut++) {
        const kept = offsets.filter((offset) => offset <= cut);
        expect(read(whole.subarray(0, cut))).toEqual({
          batches: batches.slice(0, Math.max(0, kept.length - 1)),
          validBytes: kept.at(-1) ?? 0,
          torn: !offsets.includes(cut),
        });
      }
    }),
    { numRuns: 30 },
  );
});

test('an older WAL cut inside of a record or its header is corrupt at that record', () => {
  fc.assert(
    fc.property(batchesOf(1), fc.nat(), (batches, at) => {
      const { whole, offsets } = encode(batches);
      const cut = at % whole.length;
      fc.pre(!offsets.includes(cut));
      const found = problem(whole.subarray(0, cut), false);
      expect(found.offset).toBe(offsets.findLast((offset) => offset < cut) ?? 0);
      expect(found.file).toBe('wal/000012.wal');
    }),
  );
});

test('a damaged byte in the last record is a torn tail, anywhere else it is corruption', () => {
  fc.assert(
    fc.property(batchesOf(1), fc.integer({ min: 1, max: 255 }), (batches, mask) => {
      const { whole, offsets } = encode(batches);
      const last = offsets.at(-2) as number;
      for (let at = 0; at < whole.length; at++) {
        const damaged = flipped(whole, at, mask);
        const start = offsets.findLast((offset) => offset <= at) ?? 0;
        if (at >= last) {
          expect(read(damaged)).toEqual({ batches: batches.slice(0, -1), validBytes: last, torn: true });
        } else {
          expect(problem(damaged).offset).toBe(start);
        }
        expect(problem(damaged, false).offset).toBe(start);
      }
    }),
    { numRuns: 20 },
  );
});

test('zeros behind the last record are a torn tail', () => {
  fc.assert(
    fc.property(batchesOf(0), fc.integer({ min: 1, max: 5_000 }), (batches, zeros) => {
      const { whole } = encode(batches);
      const content = Buffer.concat([whole, new Uint8Array(zeros)]);
      expect(read(content)).toEqual({ batches, validBytes: whole.length, torn: true });
      expect(problem(content, false).offset).toBe(whole.length);
    }),
  );
});

test('arbitrary bytes behind a header are a torn tail and never more', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 2_000 }), (garbage) => {
      const content = Buffer.concat([encodeHeader(NUMBER), garbage]);
      expect(read(content)).toEqual({ batches: [], validBytes: 17, torn: true });
    }),
  );
});

test('arbitrary bytes instead of a header are corrupt', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 17, maxLength: 500 }), (garbage) => {
      expect(problem(garbage).offset).toBe(0);
    }),
  );
});

test('a hole in the sequence numbers is corruption', () => {
  fc.assert(
    fc.property(batchesOf(3), (batches) => {
      const { offsets } = encode(batches);
      const { whole } = encode([batches[0] as WalBatch, ...batches.slice(2)]);
      expect(problem(whole).message).toContain('expected sequence number');
      expect(problem(whole).offset).toBe(offsets[1]);
    }),
  );
});

describe('a record of another time inside of a torn tail', () => {
  const old = encodeRecord(3, [{ kind: 'tombstone', key: Uint8Array.of(1) }]);
  const torn = (value: Uint8Array) => {
    const { whole } = encode([
      { sequence: 10, writes: [{ kind: 'tombstone', key: Uint8Array.of(1) }] },
      { sequence: 11, writes: [{ kind: 'value', key: Uint8Array.of(2), value }] },
    ]);
    return whole.subarray(0, whole.length - 1);
  };

  test('is no record that follows if its sequence number came before', () => {
    expect(read(torn(Buffer.concat([old, Uint8Array.of(0)])))).toMatchObject({ validBytes: 37, torn: true });
  });

  test('makes it corruption if its sequence number could follow', () => {
    const later = encodeRecord(12, [{ kind: 'tombstone', key: Uint8Array.of(1) }]);
    expect(problem(torn(Buffer.concat([later, Uint8Array.of(0)]))).message).toContain('good record follows');
  });
});

test('a header of another version is corruption that names both versions', () => {
  const header = encodeHeader(NUMBER);
  header[4] = 9;
  expect(problem(header).message).toContain('version 9, but this engine reads version 1');
});

test('a tail made to look like records everywhere ends the search instead of slowing it down', () => {
  // Each 64 bytes: a record of half the tail, that holds one value whose length leads exactly to its end.
  const tail = Buffer.alloc(1_048_576);
  for (let at = 1; at + 64 < tail.length / 2; at += 64) {
    const length = tail.length / 2;
    tail.writeUInt32LE(length, at);
    tail.writeUInt32LE(5, at + 8);
    tail.set([1, 1, 0], at + 16);
    const valueBytes = length - 11 - 3;
    tail.set([(valueBytes & 0x7f) | 0x80, ((valueBytes >> 7) & 0x7f) | 0x80, valueBytes >> 14], at + 19);
  }
  const found = problem(Buffer.concat([encodeHeader(NUMBER), tail]));
  expect(found.message).toContain('unclear');
  expect(found.offset).toBe(17);
});
