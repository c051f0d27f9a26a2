import { ALL_MODELS, type PowerScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * Tiered, a level holds several runs, and which is the newer one decides what a key reads. A merge must take the oldest
 * runs, and a tombstone may only go if no older run below still holds its key.
 */
export const powerInTieredCompaction: PowerScenario = {
  kind: 'power',
  name: 'power-in-tiered-compaction',
  title: 'A tiered compaction that loses its power loses nothing and brings nothing back',
  workload: {
    options: { ...TINY_OPTIONS, compaction: 'tiered' },
    keysMax: 10,
    operationsMin: 20,
    operationsMax: 60,
    livesMax: 1,
  },
  labels: [
    'tiered-compaction/mkdir',
    'tiered-compaction/sst.create',
    'tiered-compaction/sst.write',
    'tiered-compaction/sst.fsync',
    'tiered-compaction/bloom.create',
    'tiered-compaction/bloom.write',
    'tiered-compaction/bloom.fsync',
    'tiered-compaction/dir.fsync',
    'manifest/rename',
    'manifest/dir.fsync',
  ],
  models: ALL_MODELS,
  cases: 4,
};
