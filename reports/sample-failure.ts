/**
 * The failure of the red sample record: an engine that syncs its new MANIFEST only after the old WAL is gone. Three
 * lives, six operations, one acknowledged write lost.
 */
import type { HistoryEvent } from '../harness/history/event.js';
import type { DirectoryRecord, FailureRecord } from '../harness/run/record.js';
import type { Operation } from '../harness/workload/operation.js';

const FIRST_LIFE: readonly Operation[] = [
  { kind: 'put', key: 'a', value: '0.0' },
  {
    kind: 'batch',
    writes: [
      { kind: 'put', key: 'b', value: '0.1' },
      { kind: 'delete', key: 'a' },
    ],
    sync: true,
  },
  { kind: 'put', key: 'caf\u00c3\u00a9\u0000', value: '0.2' },
  { kind: 'flush' },
];

const NO_FILES = { onDisk: [], live: [], pending: [], obsolete: [] };

const HISTORY: readonly HistoryEvent[] = [
  { kind: 'open', life: 0 },
  { kind: 'create', life: 0, path: 'MANIFEST-000001' },
  { kind: 'create', life: 0, path: 'wal/000002.wal' },
  ...FIRST_LIFE.slice(0, 3).flatMap((operation, index): HistoryEvent[] => [
    { kind: 'invoke', life: 0, index, operation },
    { kind: 'ok', life: 0, index, result: {} },
  ]),
  { kind: 'invoke', life: 0, index: 3, operation: { kind: 'flush' } },
  { kind: 'create', life: 0, path: 'wal/000003.wal' },
  { kind: 'create', life: 0, path: 'l0/000004.sst' },
  { kind: 'create', life: 0, path: 'l0/000004.bloom' },
  { kind: 'info', life: 0, index: 3 },
  {
    kind: 'crash',
    life: 0,
    death: { kind: 'killed', by: 'itself' },
    planned: 'kill after manifest/rename #2',
    fired: true,
  },
  { kind: 'open', life: 1 },
  {
    kind: 'observe',
    life: 1,
    gets: [
      ['a', null],
      ['b', null],
      ['caf\u00c3\u00a9\u0000', '0.2'],
    ],
    scan: [['caf\u00c3\u00a9\u0000', '0.2']],
    errors: [],
    files: NO_FILES,
  },
  { kind: 'invoke', life: 1, index: 0, operation: { kind: 'put', key: 'b', value: '1.0' } },
  { kind: 'invoke', life: 1, index: 1, operation: { kind: 'get', key: 'b' } },
  { kind: 'ok', life: 1, index: 1, result: { value: null } },
  {
    kind: 'fail',
    life: 1,
    index: 0,
    error: { code: 'ENGINE_READ_ONLY', message: 'The last publish failed; reopen the database.' },
  },
  { kind: 'close', life: 1 },
];

const DIRECTORIES: readonly DirectoryRecord[] = [
  {
    life: 0,
    moment: 'at-crash',
    files: [
      { path: 'LOCK', bytes: 0 },
      { path: 'MANIFEST-000001', bytes: 118 },
      { path: 'MANIFEST-000005', bytes: 164 },
      { path: 'l0/000004.bloom', bytes: 64 },
      { path: 'l0/000004.sst', bytes: 212 },
      { path: 'wal/000002.wal', bytes: 147 },
      { path: 'wal/000003.wal', bytes: 16 },
    ],
  },
  {
    life: 1,
    moment: 'after-recovery',
    files: [
      { path: 'LOCK', bytes: 0 },
      { path: 'MANIFEST-000006', bytes: 164 },
      { path: 'l0/000004.bloom', bytes: 64 },
      { path: 'l0/000004.sst', bytes: 180 },
      { path: 'wal/000003.wal', bytes: 16 },
    ],
  },
];

/** A lost write, minimised from 214 operations to 6. */
export const SAMPLE_FAILURE: FailureRecord = {
  scenario: 'kill-at-manifest-rename',
  violations: [
    {
      kind: 'lost',
      life: 1,
      message:
        'Life 1 found nothing under "b", but batch 0.1 had written "0.1" there and was acknowledged with sync.',
      key: 'b',
      legal: ['0.1'],
      found: null,
      operations: [{ life: 0, index: 1 }],
      files: ['l0/000004.sst'],
    },
    {
      kind: 'refuses-work',
      life: 1,
      message: 'After recovery the engine refused put 1.0 with ENGINE_READ_ONLY.',
      operations: [{ life: 1, index: 0 }],
    },
  ],
  token: 'nl1_a2lsbC1hdC1tYW5pZmVzdC1yZW5hbWU_lsm_2718281828_17',
  command: 'npx ninelives replay nl1_a2lsbC1hdC1tYW5pZmVzdC1yZW5hbWU_lsm_2718281828_17',
  caseFile: 'out/cases/kill-at-manifest-rename-17.json',
  minimised: {
    format: 1,
    scenario: 'kill-at-manifest-rename',
    target: 'lsm',
    options: { durability: 'os', memtableEntriesMax: 4 },
    seed: 17,
    lives: [
      { operations: FIRST_LIFE.map((operation) => ({ operation })), end: 'kill after manifest/rename #2' },
      {
        operations: [
          { operation: { kind: 'put', key: 'b', value: '1.0' }, turns: [0, 2] },
          { operation: { kind: 'get', key: 'b' }, overlap: true },
        ],
        end: 'close',
      },
    ],
  },
  history: HISTORY,
  operationsBefore: 214,
  operationsAfter: 6,
  shrinkRuns: 61,
  reproduced: { times: 10, of: 10 },
  directories: DIRECTORIES,
};
