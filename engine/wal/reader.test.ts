import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EngineError } from '../errors.js';
import type { VfsFile } from '../vfs/vfs.js';
import { readWal, type WalContents } from './reader.js';
import { encodeHeader, WAL_HEADER_BYTES, type WalBatch, type WalWrite } from './record.js';
import { encodeRecord } from './record-test-encode.js';

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

/** `isSynced` says whether the file was synced just before the record with this index was made. */
function encode(batches: readonly WalBatch[], isSynced: (index: number) => boolean = () => true): Encoded {
  const parts = [encodeHeader(NUMBER)];
  const offsets = [WAL_HEADER_BYTES];
  let durableBytes = WAL_HEADER_BYTES;
  for (const [index, batch] of batches.entries()) {
    const end = offsets[index] as number;
    if (isSynced(index)) durableBytes = end;
    const record = encodeRecord(NUMBER, durableBytes, batch);
    parts.push(record);
    offsets.push(end + record.length);
  }
  return { whole: Buffer.concat(parts), offsets };
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

test('where every record was synced, a damaged byte in the last one is a torn tail, anywhere else it is corruption', () => {
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

test('arbitrary bytes instead of a header and records are corrupt', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 18, maxLength: 500 }), (garbage) => {
      expect(problem(garbage).offset).toBe(0);
    }),
  );
});

const damages = fc.constantFrom('none', 'zeros', 'flip', 'stale', 'none', 'none');

test('any records damaged give the longest good prefix, or corruption if a good record knows the first as durable', () => {
  fc.assert(
    fc.property(
      batchesOf(1),
      fc.infiniteStream(fc.boolean()),
      fc.infiniteStream(damages),
      fc.nat(),
      (batches, stream, damageStream, at) => {
        const syncs = batches.map(() => stream.next().value as boolean);
        const kinds = batches.map(() => damageStream.next().value as string);
        const { whole, offsets } = encode(batches, (index) => syncs[index] as boolean);
        const content = Uint8Array.from(whole);
        for (const [index, kind] of kinds.entries()) {
          const record = content.subarray(offsets[index], offsets[index + 1]);
          if (kind === 'zeros') record.fill(0);
          if (kind === 'flip')
            record.set([(record[at % record.length] as number) ^ 0x40], at % record.length);
          // What the WAL before this one had at the same place, all of it synced.
          const stale = encodeRecord(NUMBER - 1, 120, batches[index] as WalBatch);
          if (kind === 'stale') record.set(stale.subarray(0, record.length));
        }
        const first = kinds.findIndex((kind) => kind !== 'none');
        if (first < 0) return;
        const offset = offsets[first] as number;
        const nextSync = syncs.indexOf(true, first + 1);
        if (nextSync > 0 && kinds.some((kind, index) => kind === 'none' && index >= nextSync)) {
          expect(problem(content).message).toContain('knows it as durable');
          expect(problem(content).offset).toBe(offset);
        } else {
          expect(read(content)).toEqual({ batches: batches.slice(0, first), validBytes: offset, torn: true });
        }
        expect(problem(content, false).offset).toBe(offset);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('a gap in the sequence numbers is corruption if it had been durable, else a torn tail', () => {
  fc.assert(
    fc.property(batchesOf(3), fc.boolean(), (batches, synced) => {
      const { whole, offsets } = encode(batches, () => synced);
      const gap = Buffer.concat([whole.subarray(0, offsets[1]), whole.subarray(offsets[2])]);
      expect(problem(gap, false).message).toContain('expected sequence number');
      if (synced) {
        expect(problem(gap).message).toContain('expected sequence number');
        expect(problem(gap).offset).toBe(offsets[1]);
      } else {
        expect(read(gap)).toEqual({ batches: batches.slice(0, 1), validBytes: offsets[1], torn: true });
      }
    }),
  );
});

test('a record that says what was durable is no witness if its sequence number came before', () => {
  const tombstone = { kind: 'tombstone', key: Uint8Array.of(1) } as const;
  const copyOf = (sequence: number) =>
    Buffer.concat([encodeRecord(NUMBER, 1_000, { sequence, writes: [tombstone] }), Uint8Array.of(0)]);
  const torn = (value: Uint8Array) => {
    const { whole } = encode([
      { sequence: 10, writes: [tombstone] },
      { sequence: 11, writes: [{ kind: 'value', key: Uint8Array.of(2), value }] },
    ]);
    return whole.subarray(0, whole.length - 1);
  };
  expect(read(torn(copyOf(3)))).toMatchObject({ batches: [{ sequence: 10 }], torn: true });
  expect(problem(torn(copyOf(12))).message).toContain('knows it as durable');
});

test('behind a last record without writes, which says that all was durable, every other record is safe', () => {
  fc.assert(
    fc.property(batchesOf(1), fc.nat(), (batches, at) => {
      const { sequence, writes } = batches.at(-1) as WalBatch;
      const seal: WalBatch = { sequence: sequence + writes.length, writes: [] };
      const { whole, offsets } = encode([...batches, seal], (index) => index === batches.length);
      expect(read(whole)).toEqual({ batches, validBytes: whole.length, torn: false });
      const end = offsets[batches.length] as number;
      const offset = WAL_HEADER_BYTES + (at % (end - WAL_HEADER_BYTES));
      expect(problem(flipped(whole, offset, 1)).offset).toBe(offsets.findLast((start) => start <= offset));
    }),
  );
});

test('a header that is the end of the newest file may not have arrived; behind it nothing can be', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 17, size: 'max' }), (garbage) => {
      expect(read(garbage)).toEqual({ batches: [], validBytes: 0, torn: true });
      expect(problem(garbage, false).offset).toBe(0);
      const { whole } = encode([{ sequence: 1, writes: [] }]);
      expect(problem(Buffer.concat([new Uint8Array(17), whole.subarray(17)])).offset).toBe(0);
    }),
  );
});

test('a header of another version is corruption that names both versions', () => {
  const { whole } = encode([{ sequence: 1, writes: [] }]);
  whole[4] = 1;
  expect(problem(whole).message).toContain('version 1, but this engine reads version 2');
});

test('a tail made to look like records everywhere ends the search instead of slowing it down', () => {
  // Each 64 bytes: a record of half the tail, that holds one value whose length leads exactly to its end.
  const tail = Buffer.alloc(1_048_576);
  for (let at = 1; at + 64 < tail.length / 2; at += 64) {
    const length = tail.length / 2;
    tail.writeUInt32LE(length, at);
    tail.writeUInt32LE(5, at + 8);
    tail.set([100, 1, 1, 0], at + 16);
    const valueBytes = length - 12 - 3;
    tail.set([(valueBytes & 0x7f) | 0x80, ((valueBytes >> 7) & 0x7f) | 0x80, valueBytes >> 14], at + 20);
  }
  const found = problem(Buffer.concat([encodeHeader(NUMBER), tail]));
  expect(found.message).toContain('unclear');
  expect(found.offset).toBe(17);
});
