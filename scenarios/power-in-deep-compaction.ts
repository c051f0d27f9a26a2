import { ALL_MODELS, type PowerScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * A compaction below L0 makes a directory for its level when it is the first one there. That name, the tables and their
 * names must be durable before the MANIFEST says that they have taken the place of the tables above.
 */
export const powerInDeepCompaction: PowerScenario = {
  kind: 'power',
  name: 'power-in-deep-compaction',
  title: 'A compaction between deeper levels that loses its power loses nothing and brings nothing back',
  workload: {
    options: { ...TINY_OPTIONS, l0TablesMax: 2, l1TablesMax: 1 },
    variants: [{}, { l0TablesSlowdown: 1 }, { compactionRunsMax: 2 }],
    keysMax: 14,
    operationsMin: 30,
    operationsMax: 60,
    livesMax: 1,
  },
  labels: [
    'deep-compaction/mkdir',
    'deep-compaction/sst.create',
    'deep-compaction/sst.write',
    'deep-compaction/sst.fsync',
    'deep-compaction/bloom.create',
    'deep-compaction/bloom.write',
    'deep-compaction/bloom.fsync',
    'deep-compaction/dir.fsync',
  ],
  models: ALL_MODELS,
  cases: 4,
};
