import { expect, test } from 'vitest';
import type { Entry } from '../entry.js';
import { encodeManifest } from '../manifest/encode.js';
import { EMPTY_VERSION } from '../manifest/version.js';
import { encodeHeader, type WalBatch } from '../wal/record.js';
import { RecordEncoder } from '../wal/record-encoder.js';
import { checkLogs } from './check-logs.js';
import type { Finding } from './finding.js';
import { type Files, readOnly } from './inspect-test-database.js';
import { openView } from './view.js';

const batchOf = (sequence: number, ...keys: readonly string[]): WalBatch => ({
  sequence,
  writes: keys.map((key) => ({ kind: 'value', key: Buffer.from(key), value: Buffer.from('v') })),
});

function wal(number: number, ...batches: readonly WalBatch[]): Uint8Array {
  const encoder = new RecordEncoder(number);
  return Buffer.concat([
    encodeHeader(number),
    ...batches.map((batch) => Uint8Array.from(encoder.encode([batch], 17))),
  ]);
}

/** A database whose MANIFEST names WAL 3, with everything up to sequence 10 in tables, and these WALs. */
function filesWith(wals: Readonly<Record<number, Uint8Array>>): Files {
  const version = { ...EMPTY_VERSION, walNumbers: [3], nextNumber: 5, flushedSequence: 10 };
  const files = new Map([['MANIFEST-000004', encodeManifest(4, version)]]);
  for (const [number, bytes] of Object.entries(wals)) files.set(`wal/${number.padStart(6, '0')}.wal`, bytes);
  return files;
}

function check(files: Files) {
  const view = openView(readOnly(files));
  const entries: Entry[] = [];
  const steps = checkLogs(view, (entry) => entries.push(entry));
  const findings: Finding[] = [];
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { findings, logs: step.value, entries };
    findings.push(step.value);
  }
}

test('WALs that go on from the tables are sound, and every write is handed out once and in order', () => {
  const files = filesWith({
    1: wal(1, batchOf(9, 'old')),
    3: wal(3, batchOf(11, 'a', 'b')),
    5: wal(5, batchOf(13, 'c')),
    6: wal(6),
  });
  const { findings, logs, entries } = check(files);
  expect(findings).toEqual([]);
  expect(entries.map(({ key, sequence }) => [Buffer.from(key).toString(), sequence])).toEqual([
    ['a', 11],
    ['b', 12],
    ['c', 13],
  ]);
  expect(
    logs.map(({ number, records, writes, sequenceMin, sequenceMax }) => [
      number,
      records,
      writes,
      sequenceMin,
      sequenceMax,
    ]),
  ).toEqual([
    [3, 1, 2, 11, 12],
    [5, 1, 1, 13, 13],
    [6, 0, 0, undefined, undefined],
  ]);
});

test('a gap in the sequence is a fault at the record behind it, and is reported once', () => {
  const { findings } = check(filesWith({ 3: wal(3, batchOf(12, 'a')), 5: wal(5, batchOf(13, 'b')) }));
  const what = 'expected a record with sequence 11, got 12: writes are missing';
  expect(findings).toEqual([{ kind: 'fault', file: 'wal/000003.wal', offset: 17, what }]);
});

test('a torn tail is a note in the newest WAL that holds a record, and a fault in one before it', () => {
  const torn = wal(3, batchOf(11, 'a')).subarray(0, -1);
  expect(check(filesWith({ 3: torn })).findings).toMatchObject([
    { kind: 'note', file: 'wal/000003.wal', offset: 17 },
  ]);
  expect(check(filesWith({ 3: torn, 5: wal(5) })).findings).toMatchObject([{ kind: 'note' }]);
  const { findings } = check(filesWith({ 3: torn, 5: wal(5, batchOf(12, 'b')) }));
  expect(findings).toMatchObject([{ kind: 'fault', file: 'wal/000003.wal', offset: 17 }]);
});

test('a WAL that the MANIFEST names and that is not there, or has no header, is a fault', () => {
  for (const files of [
    filesWith({ 5: wal(5) }),
    filesWith({ 3: new Uint8Array(5) }),
    filesWith({ 3: new Uint8Array(0), 5: wal(5) }),
  ]) {
    const { findings } = check(files);
    expect(findings).toMatchObject([{ kind: 'fault', file: 'wal/000003.wal', offset: 0 }]);
  }
});

test('a later WAL without a header is what a rotation leaves that died', () => {
  const { findings } = check(filesWith({ 3: wal(3, batchOf(11, 'a')), 5: new Uint8Array(0) }));
  expect(findings).toMatchObject([
    {
      kind: 'note',
      file: 'wal/000005.wal',
      offset: 0,
      what: expect.stringContaining('no header yet') as string,
    },
  ]);
});
