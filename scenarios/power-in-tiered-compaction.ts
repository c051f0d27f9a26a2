import { ALL_MODELS, type PowerScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * Tiered compaction leaves several runs in a level, and the MANIFEST alone knows their order. Until the new run is durable
 * the old ones are the only truth; after it none of them may come back on top of it.
 */
export const powerInTieredCompaction: PowerScenario = {
  kind: 'power',
  name: 'power-in-tiered-compaction',
  title: 'A tiered compaction that loses its power leaves the old runs or the new one, in their order',
  workload: {
    options: { ...TINY_OPTIONS, compaction: 'tiered', l0TablesMax: 2 },
    variants: [{}, { levelsMax: 2 }, { compactionRunsMax: 2, levelsMax: 3 }],
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
