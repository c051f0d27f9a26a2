import { expect, test } from 'vitest';
import type { HistoryEvent } from '../harness/history/event.js';
import { narrateFailure, sentenceText } from './narrate.js';
import { SAMPLE_FAILURE } from './sample-failure.js';

function tell(history: readonly HistoryEvent[]): readonly string[] {
  return narrateFailure({ ...SAMPLE_FAILURE, history }).flatMap((life) => life.sentences.map(sentenceText));
}

const NO_FILES = { onDisk: [], live: [], pending: [], obsolete: [] };

test('an operation is told once, with its outcome', () => {
  expect(
    tell([
      { kind: 'invoke', life: 0, index: 0, operation: { kind: 'put', key: 'a', value: '0.0' } },
      { kind: 'ok', life: 0, index: 0, result: {} },
    ]),
  ).toEqual(['0.0 put "a" = "0.0" was acknowledged.']);
});

test('an operation without an outcome was in flight', () => {
  expect(tell([{ kind: 'invoke', life: 0, index: 0, operation: { kind: 'flush' } }])).toEqual([
    '0.0 flush was in flight when the life ended: it may or may not have happened.',
  ]);
});

test('an operation names those that were in flight when it started', () => {
  const [, second] = tell([
    { kind: 'invoke', life: 2, index: 0, operation: { kind: 'sync' } },
    { kind: 'invoke', life: 2, index: 1, operation: { kind: 'get', key: 'a' } },
    { kind: 'ok', life: 2, index: 1, result: { value: 'x' } },
  ]);
  expect(second).toBe('2.1 get "a", started while 2.0 was in flight, found "x".');
});

test('files made in a row are one sentence', () => {
  expect(
    tell([
      { kind: 'create', life: 0, path: 'a.sst' },
      { kind: 'create', life: 0, path: 'a.bloom' },
    ]),
  ).toEqual(['The engine made a.sst, a.bloom.']);
});

test('a kill before the engine had opened says so', () => {
  expect(
    tell([
      {
        kind: 'crash',
        life: 1,
        death: { kind: 'killed', by: 'itself' },
        planned: 'kill after recovery/unlink #1',
        fired: true,
      },
    ]),
  ).toEqual([
    'SIGKILL while it was still opening: kill after recovery/unlink #1 (the process killed itself at that step).',
  ]);
});

const POWER = { kind: 'crash', life: 0, death: { kind: 'power', model: 'ext4' }, fired: true } as const;

test('a power loss tells what was lost and what was left', () => {
  const planned = 'power ext4 after manifest/rename #2 lose flush/sst.write#1 0:wal/append#3=head@512+zeros';
  expect(
    tell([
      { kind: 'open', life: 0 },
      { ...POWER, planned, left: ['LOCK', 'MANIFEST-000005'] },
    ])[1],
  ).toBe(
    'The power failed (model ext4) after manifest/rename #2; lost were flush/sst.write#1, ' +
      '0:wal/append#3=head@512+zeros; left were LOCK, MANIFEST-000005.',
  );
});

test('a power loss that lost nothing, one in recovery, one whose step never came and one of another plan say so', () => {
  const tellOne = (crash: Partial<Extract<HistoryEvent, { kind: 'crash' }>>): string | undefined =>
    tell([{ ...POWER, planned: 'power ext4 idle', ...crash }])[0];
  expect(tellOne({ left: [] })).toBe(
    'The power failed while it was still opening (model ext4) when it was idle; nothing was lost; no file was left.',
  );
  expect(tellOne({ planned: 'power ext4 before wal/fsync #9', fired: false })).toBe(
    'The power failed while it was still opening (model ext4) at the end, as before wal/fsync #9 was never reached; nothing was lost.',
  );
  expect(tellOne({ planned: 'unplugged' })).toBe(
    'The power failed while it was still opening (model ext4): unplugged.',
  );
});

test('an injected I/O error is told where it struck', () => {
  expect(tell([{ kind: 'fault', life: 0, fault: 'io-error EIO at wal/fsync #2' }])).toEqual([
    'An I/O error struck: io-error EIO at wal/fsync #2.',
  ]);
});

test('a planned kill that never fired is told as what it was', () => {
  const crash = { kind: 'crash', life: 0, planned: 'kill after wal/fsync #9', fired: false } as const;
  expect(
    tell([
      { kind: 'open', life: 0 },
      { ...crash, death: { kind: 'killed', by: 'parent' } },
    ])[1],
  ).toBe(
    'SIGKILL, sent when the process was idle, because the plan kill after wal/fsync #9 was never reached.',
  );
});

test('an observation mentions the scan only where it differs from the gets', () => {
  const observe = {
    kind: 'observe',
    life: 1,
    gets: [
      ['a', '1'],
      ['b', null],
    ],
    errors: [],
    files: NO_FILES,
  } as const;
  expect(tell([{ ...observe, scan: [['a', '1']] }])).toEqual(['Read back "a" = "1", "b" absent.']);
  expect(tell([{ ...observe, scan: [] }])).toEqual([
    'Read back "a" = "1", "b" absent; a scan differs: empty.',
  ]);
});

test('the operations that a violation names are marked as its proof', () => {
  const proofs = narrateFailure(SAMPLE_FAILURE)
    .flatMap((life) => life.sentences)
    .filter((sentence) => sentence.proof);
  expect(proofs.map((sentence) => sentenceText(sentence).slice(0, 3))).toEqual(['0.1', '1.0']);
});
