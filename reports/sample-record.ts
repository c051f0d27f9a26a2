/**
 * Two run records for the tests of the reports: a green one and a red one, as runs on the lsm engine would leave
 * them. Built by arithmetic, not recorded; only their shape and their proportions are real. The labels are copied
 * from engine/vfs/step.ts, because reports know nothing of the engine.
 */
import type { CrashPointRow, RunRecord, ScenarioRecord } from '../harness/run/record.js';
import { SAMPLE_FAILURE } from './sample-failure.js';

const LABELS: readonly string[] = [
  ...['open/mkdir', 'open/lock'],
  ...['recovery/wal.truncate', 'recovery/wal.fsync', 'recovery/bloom.create', 'recovery/bloom.write'],
  ...['recovery/bloom.fsync', 'recovery/dir.fsync', 'recovery/unlink'],
  ...['wal/create', 'wal/header', 'wal/append', 'wal/fsync', 'wal/dir.fsync'],
  ...['flush/sst.create', 'flush/sst.write', 'flush/sst.fsync', 'flush/bloom.create', 'flush/bloom.write'],
  ...['flush/bloom.fsync', 'flush/dir.fsync'],
  ...['compaction/mkdir', 'compaction/sst.create', 'compaction/sst.write', 'compaction/sst.fsync'],
  ...['compaction/bloom.create', 'compaction/bloom.write', 'compaction/bloom.fsync', 'compaction/dir.fsync'],
  ...[
    'manifest/tmp.create',
    'manifest/tmp.write',
    'manifest/tmp.fsync',
    'manifest/rename',
    'manifest/dir.fsync',
  ],
  ...['gc/wal.unlink', 'gc/sst.unlink', 'gc/bloom.unlink', 'gc/manifest.unlink'],
  'close/unlock',
];

const WRITES = /\/(?:header|append|sst\.write|bloom\.write|tmp\.write)$/;
const NEVER_REACHED = new Set([
  'recovery/bloom.create',
  'recovery/bloom.write',
  'recovery/bloom.fsync',
  'compaction/mkdir',
]);

/** A run in which every promise held. */
export const GREEN_RECORD: RunRecord = {
  format: 'ninelives/run-record',
  version: 1,
  startedAt: '2026-03-14T09:26:53.589Z',
  durationMs: 47_812,
  command: 'npx ninelives run --target lsm --seed 2718281828 --budget 45s',
  seed: 2_718_281_828,
  interrupted: false,
  environment: {
    ninelives: '0.1.0',
    build: '9f2c41d07ab3e855',
    node: 'v20.19.0',
    platform: 'linux 6.8.0 x64',
    cpu: 'AMD EPYC 7763 64-Core Processor',
    cores: 2,
    dataDirectory: '/dev/shm/ninelives-4711',
    fileSystem: 'tmpfs',
  },
  verdict: 'held',
  scenarios: [
    sampleScenario(
      'kill-at-manifest-rename',
      'A crash around the rename of the MANIFEST loses no table',
      212,
    ),
    sampleScenario('kill-in-flush', 'A crash while a memtable is flushed loses no acknowledged write', 391),
    sampleScenario('kill-in-compaction', 'A crash while tables are merged brings no deleted key back', 268),
    sampleScenario('kill-in-recovery', 'A recovery that is itself killed can be run again', 144),
    sampleScenario(
      'kill-anywhere',
      'Acknowledged writes survive a kill at a time that nobody chose',
      530,
      true,
    ),
  ],
  crashPoints: LABELS.map(sampleRow),
  failures: [],
  limits: [
    'Power loss: a killed process leaves the page cache intact, so a missing fsync cannot be seen here.',
    'I/O errors and a full disk were not injected.',
    'Timed kills (530) depend on the machine and cannot be replayed.',
    'The data lay on tmpfs; other file systems order renames and writes in their own way.',
  ],
};

/** A run that found that a table vanishes when the process dies after the rename of the MANIFEST. */
export const RED_RECORD: RunRecord = {
  ...GREEN_RECORD,
  verdict: 'violated',
  scenarios: GREEN_RECORD.scenarios.map((scenario, index): ScenarioRecord => {
    if (index === 0) return { ...scenario, verdict: 'violated' };
    if (index !== 3) return scenario;
    const doubts = ['The checker gave up on case 17: more than 100,000 orders of 9 concurrent operations.'];
    return { ...scenario, verdict: 'unknown', doubts };
  }),
  crashPoints: GREEN_RECORD.crashPoints.map((row) =>
    row.label === 'manifest/rename' ? { ...row, after: { kills: row.after.kills, failures: 2 } } : row,
  ),
  failures: [SAMPLE_FAILURE],
};

function sampleScenario(name: string, title: string, cases: number, timed = false): ScenarioRecord {
  const kills = cases * 2;
  const idle = Math.floor(kills / 31);
  return {
    name,
    title,
    verdict: 'held',
    doubts: [],
    cases,
    lives: cases * 3,
    kills: timed ? { exact: 0, timed: kills, idle: 0 } : { exact: kills - idle, timed: 0, idle },
    faultsNotFired: timed ? 0 : idle,
    operations: cases * 84,
    acknowledged: cases * 81,
    recoveries: kills,
    durationMs: cases * 31,
  };
}

function sampleRow(label: string, index: number): CrashPointRow {
  const cuttable = WRITES.test(label);
  if (NEVER_REACHED.has(label)) {
    const never = { kills: 0, failures: 0 };
    return { label, reached: 0, before: never, inside: cuttable ? never : null, after: never };
  }
  const often = label === 'wal/append' ? 96 : label.startsWith('wal/') ? 31 : 1 + ((index * 7) % 23);
  return {
    label,
    reached: often * 41,
    before: { kills: often, failures: 0 },
    inside: cuttable ? { kills: often + 3, failures: 0 } : null,
    after: { kills: label === 'gc/manifest.unlink' ? 0 : often + (index % 3), failures: 0 },
  };
}
