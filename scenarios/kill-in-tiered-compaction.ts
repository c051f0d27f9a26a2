import { type CrashScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * Tiered, a level holds several runs, and which is the newer one decides what a key reads. A merge must take the oldest
 * runs, and a tombstone may only go if no older run below still holds its key.
 */
export const killInTieredCompaction: CrashScenario = {
  kind: 'crash',
  name: 'kill-in-tiered-compaction',
  title: 'A tiered compaction that dies resurrects no deleted key and loses no value',
  workload: {
    options: { ...TINY_OPTIONS, compaction: 'tiered' },
    keysMax: 10,
    operationsMax: 50,
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
