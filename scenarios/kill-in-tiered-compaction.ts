import { type CrashScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * Tiered, a level gathers runs that overlap, and only their order says which version is the newest. When they become one
 * run of the level below, a death must leave the old runs in their order or the new one at its place, and a tombstone may
 * go only where no older run has the key.
 */
export const killInTieredCompaction: CrashScenario = {
  kind: 'crash',
  name: 'kill-in-tiered-compaction',
  title: 'A tiered compaction that dies leaves every run in its place, and no older version on top',
  workload: {
    options: { ...TINY_OPTIONS, compaction: 'tiered', l0TablesMax: 2 },
    variants: [
      {},
      { l0TablesMax: 3 },
      { levelsMax: 2 },
      { compactionRunsMax: 2, levelsMax: 3 },
      { l0TablesSlowdown: 1 },
    ],
    keysMax: 10,
    operationsMin: 20,
    operationsMax: 60,
    livesMax: 4,
  },
  kills: {
    kind: 'steps',
    labels: [
      'tiered-compaction/mkdir',
      'tiered-compaction/sst.create',
      'tiered-compaction/sst.write',
      'tiered-compaction/sst.fsync',
      'tiered-compaction/bloom.create',
      'tiered-compaction/bloom.write',
      'tiered-compaction/bloom.fsync',
      'tiered-compaction/dir.fsync',
      'gc/sst.unlink',
      'gc/bloom.unlink',
    ],
    enumerate: { after: null },
  },
  cases: 10,
};
