import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeHeader, WAL_HEADER_BYTES, type WalBatch } from '../wal/record.js';
import { RecordEncoder } from '../wal/record-encoder.js';
import { readWal } from '../wal/reader.js';
import { walkWal, type WalRecord } from './wal-walk.js';
import { fileOfBytes, isCorrupt } from './whole-file.js';

const NUMBER = 7;

/** A WAL of these batches, each of which knows all bytes before the one before it as durable. */
function encode(batches: readonly WalBatch[]): Uint8Array {
  const encoder = new RecordEncoder(NUMBER);
  const parts: Uint8Array[] = [encodeHeader(NUMBER)];
  let [length, durable] = [WAL_HEADER_BYTES, WAL_HEADER_BYTES];
  for (const batch of batches) {
    const record = Uint8Array.from(encoder.encode([batch], durable));
    parts.push(record);
    durable = length;
    length += record.length;
  }
  return Buffer.concat(parts);
}

const batchOf = (sequence: number, ...keys: readonly string[]): WalBatch => ({
  sequence,
  writes: keys.map((key) => ({ kind: 'value', key: Buffer.from(key), value: Buffer.from('v') })),
});

function walk(bytes: Uint8Array, newest = true) {
  const records: WalRecord[] = [];
  const steps = walkWal(fileOfBytes('wal/000007.wal', bytes), NUMBER, newest);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { records, end: step.value };
    records.push(step.value);
  }
}

test('records come with their places, which fill the file', () => {
  const bytes = encode([batchOf(5, 'a', 'b'), batchOf(7), batchOf(7, 'c')]);
  const { records, end } = walk(bytes);
  expect(end).toEqual({ kind: 'clean', offset: bytes.length });
  expect(records.map(({ sequence, writes }) => [sequence, writes.length])).toEqual([
    [5, 2],
    [7, 0],
    [7, 1],
  ]);
  let offset = WAL_HEADER_BYTES;
  for (const record of records) {
    expect(record.offset).toBe(offset);
    offset += record.bytes;
  }
  expect(offset).toBe(bytes.length);
});

test.each<[string, (bytes: Uint8Array) => Uint8Array, object]>([
  [
    'nothing',
    () => new Uint8Array(0),
    { kind: 'torn', offset: 0, bytes: 0, problem: 'the file ends inside of the header' },
  ],
  [
    'a cut record',
    (bytes) => bytes.subarray(0, -3),
    { kind: 'torn', bytes: 20, problem: /the record ends at byte \d+, the file at byte \d+/ },
  ],
  [
    'zeros behind',
    (bytes) => Buffer.concat([bytes, new Uint8Array(9)]),
    { kind: 'torn', bytes: 9, problem: 'no record has a length of 0' },
  ],
  [
    'a damaged last record',
    (bytes) => bytes.with(-1, 0x55),
    { kind: 'torn', problem: 'the checksum does not match' },
  ],
  [
    'a damaged first record',
    (bytes) => bytes.with(20, 0x55),
    { kind: 'corrupt', offset: 17, problem: /knows it as durable$/ },
  ],
  [
    'a header of something else',
    (bytes) => bytes.with(0, 0x55),
    { kind: 'corrupt', offset: 0, problem: 'this is not a WAL (its magic is wrong)' },
  ],
])('%s: the end says what is there', (_, change, expected) => {
  const { end } = walk(change(encode([batchOf(1, 'a'), batchOf(2, 'b'), batchOf(3, 'c')])));
  const problem = (expected as { problem: string | RegExp }).problem;
  expect(end).toMatchObject({
    ...expected,
    problem: typeof problem === 'string' ? problem : (expect.stringMatching(problem) as string),
  });
});

test('a gap between two records is where the log ends', () => {
  const { records, end } = walk(encode([batchOf(1, 'a'), batchOf(5, 'b')]));
  expect(records).toHaveLength(1);
  expect(end).toMatchObject({ kind: 'torn', problem: 'expected sequence number 2, got 5' });
});

test('a tail that would be torn is corruption in a WAL that is not the newest', () => {
  const { end } = walk(encode([batchOf(1, 'a')]).subarray(0, -1), false);
  expect(end).toMatchObject({
    kind: 'corrupt',
    offset: 17,
    problem: expect.stringContaining('not the newest') as string,
  });
});

test('whatever the bytes are, the walk ends where the reader of the engine does', () => {
  const bytes = encode([batchOf(1, 'a'), batchOf(2, 'b', 'c'), batchOf(4), batchOf(4, 'd')]);
  const change = fc.record({
    at: fc.nat(bytes.length - 1),
    to: fc.nat(255),
    cut: fc.nat(bytes.length),
    newest: fc.boolean(),
  });
  fc.assert(
    fc.property(change, ({ at, to, cut, newest }) => {
      const changed = bytes.with(at, to).subarray(0, cut);
      const { records, end } = walk(changed, newest);
      try {
        const read = readWal(fileOfBytes('wal/000007.wal', changed), NUMBER, newest);
        expect([end.kind, end.offset]).toEqual([read.torn ? 'torn' : 'clean', read.validBytes]);
        const batches = records.filter(({ writes }) => writes.length > 0);
        expect(batches.map(({ sequence, writes }) => ({ sequence, writes }))).toEqual(read.batches);
      } catch (error) {
        if (!isCorrupt(error)) throw error;
        expect([end.kind, end.offset]).toEqual(['corrupt', error.offset]);
      }
    }),
  );
});
