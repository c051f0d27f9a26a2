/**
 * A run record of power losses for the tests of the reports: three scenarios under six persistence models, two of them
 * also with failed syncs; an engine that publishes a table before it is synced, seen twice, and a third failure whose
 * culprit is not known. Built by arithmetic, not recorded.
 */
import type { Verdict } from '../harness/checker/verdict.js';
import type {
  CulpritRecord,
  FailureRecord,
  GalleryRow,
  ModelRecord,
  RunRecord,
  ScenarioRecord,
} from '../harness/run/record.js';
import { SAMPLE_FAILURE } from './sample-failure.js';
import { GREEN_RECORD } from './sample-record.js';

const MODELS = ['kill', 'posix', 'ext4', 'ext4-writeback', 'xfs', 'btrfs'] as const;

export const SAMPLE_CULPRIT: CulpritRecord = {
  lost: 'flush/sst.write#2',
  barrier: 'flush/sst.fsync',
  kept: 'manifest/rename#2',
  lostAt: 'engine/table/builder.ts:61',
  keptAt: 'engine/manifest/publish.ts:48',
  model: 'ext4',
  lostSteps: ['flush/sst.write#2', 'flush/sst.write#3'],
};

const POWER_FAILURE: FailureRecord = {
  ...SAMPLE_FAILURE,
  scenario: 'power-in-flush',
  history: SAMPLE_FAILURE.history.map((event) =>
    event.kind === 'crash'
      ? {
          ...event,
          death: { kind: 'power', model: 'ext4' },
          planned: 'power ext4 after manifest/rename #2 lose flush/sst.write#2 flush/sst.write#3',
          left: ['LOCK', 'MANIFEST-000005', 'l0/000004.bloom', 'l0/000004.sst', 'wal/000003.wal'],
        }
      : event,
  ),
  culprit: SAMPLE_CULPRIT,
};

const ACKNOWLEDGED_TOO_EARLY: CulpritRecord = {
  ...SAMPLE_CULPRIT,
  lost: 'wal/append#3',
  barrier: null,
  kept: 'the acknowledgement of put "a" = "0.0" (sync)',
  lostAt: null,
  keptAt: null,
  model: 'posix+fsync-fails',
  lostSteps: ['wal/append#3'],
};

/** Promises broken under power loss; kills alone broke none. */
export const POWER_RECORD: RunRecord = {
  ...GREEN_RECORD,
  command: 'npx ninelives run --target lsm --seed 2718281828 --scenarios power-*',
  verdict: 'violated',
  scenarios: [
    ...GREEN_RECORD.scenarios.slice(0, 2),
    samplePower('power-in-flush', 'Power loss while a memtable is flushed loses no acknowledged write', {
      posix: 'violated',
      ext4: 'violated',
    }),
    samplePower('power-in-wal-append', 'What was acknowledged with sync survives a power loss', {
      'posix+fsync-fails': 'violated',
    }),
    samplePower('power-in-recovery', 'A recovery that loses its power can be run again', {
      btrfs: 'unknown',
    }),
  ],
  failures: [
    POWER_FAILURE,
    {
      ...POWER_FAILURE,
      culprit: { ...SAMPLE_CULPRIT, lost: 'flush/sst.write#5', kept: 'manifest/rename#4', model: 'posix' },
    },
    { ...POWER_FAILURE, scenario: 'power-in-wal-append', culprit: ACKNOWLEDGED_TOO_EARLY },
    SAMPLE_FAILURE,
  ],
};

const BUG: GalleryRow = {
  id: 'flush-table-not-synced',
  what: 'A flush does not sync its table before the MANIFEST names it',
  resembles: 'a missing fsync that Pebble once had',
  expected: ['lost', 'does-not-open'],
  caught: true,
  by: ['does-not-open'],
  findMs: 812,
  cases: 3,
  operations: 6,
  replay: SAMPLE_FAILURE.command,
};

/** Three planted bugs: one whose culprit was named rightly, one wrongly, and one that a kill exposes. */
export const SAMPLE_GALLERY: readonly GalleryRow[] = [
  {
    ...BUG,
    culprit: {
      expected: 'flush/sst.fsync before manifest/rename',
      found: 'flush/sst.fsync before manifest/rename',
      right: true,
    },
  },
  {
    ...BUG,
    id: 'publish-directory-not-synced',
    culprit: {
      expected: 'manifest/dir.fsync before gc/wal.unlink',
      found: 'manifest/tmp.fsync before manifest/rename',
      right: false,
    },
  },
  { ...BUG, id: 'wal-dropped-early', by: ['lost'] },
];

function samplePower(
  name: string,
  title: string,
  verdicts: Readonly<Record<string, Verdict>>,
): ScenarioRecord {
  const models = [...MODELS, 'posix+fsync-fails', 'ext4+fsync-fails'].map((model, index): ModelRecord => {
    const verdict = verdicts[model] ?? 'held';
    const tried = model === 'kill' ? 640 : 4_000 + index * 310;
    return {
      model,
      verdict,
      points: 320,
      reachable: model === 'kill' ? 640 : model.startsWith('posix') ? 2.6e12 : 9_000,
      tried,
      distinct: Math.floor(tried / 2),
      exhaustedPoints: model === 'kill' ? 320 : 200 - index * 7,
      failures: verdict === 'violated' ? 41 : 0,
    };
  });
  const worst = Object.values(verdicts)[0] ?? 'held';
  return {
    name,
    title,
    verdict: worst,
    doubts: worst === 'unknown' ? ['The checker gave up on 2 states under btrfs.'] : [],
    cases: 6,
    lives: 12,
    kills: { exact: 0, timed: 0, idle: 0 },
    faultsNotFired: 0,
    operations: 180,
    acknowledged: 174,
    recoveries: 0,
    durationMs: 4_200,
    power: {
      models,
      digest: '3b1f00d9a4c77e12',
      distinct: 11_480,
      recoveries: 13_020,
      depths: [11_480, 1_200, 340],
      failedSyncs: 96,
      operations: 180,
    },
  };
}
