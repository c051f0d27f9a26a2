import { ALL_MODELS, type PowerScenario, tableLabels } from '../harness/index.js';
import { killInTieredCompaction } from './kill-in-tiered-compaction.js';

/**
 * Tiered compaction leaves several runs in a level, and the MANIFEST alone knows their order. Until the new run is durable
 * the old ones are the only truth; after it none of them may come back on top of it.
 */
export const powerInTieredCompaction: PowerScenario = {
  kind: 'power',
  name: 'power-in-tiered-compaction',
  title: 'A tiered compaction that loses its power leaves the old runs or the new one, in their order',
  workload: {
    ...killInTieredCompaction.workload,
    variants: [{}, { levelsMax: 2 }, { compactionRunsMax: 2, levelsMax: 3 }],
    operationsMin: 20,
    operationsMax: 60,
    livesMax: 1,
  },
  labels: [...tableLabels('tiered-compaction'), 'manifest/rename', 'manifest/dir.fsync'],
  models: ALL_MODELS,
  cases: 4,
};
