import { type CrashScenario, tableLabels, TINY_OPTIONS } from '../harness/index.js';

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
    labels: [...tableLabels('tiered-compaction'), 'gc/sst.unlink', 'gc/bloom.unlink'],
    enumerate: { after: null },
  },
  cases: 10,
};
