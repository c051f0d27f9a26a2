import { ALL_MODELS, type PowerScenario, tableLabels } from '../harness/index.js';
import { killInDeepCompaction } from './kill-in-deep-compaction.js';

/**
 * A compaction below L0 makes a directory for its level when it is the first one there. That name, the tables and their
 * names must be durable before the MANIFEST says that they have taken the place of the tables above.
 */
export const powerInDeepCompaction: PowerScenario = {
  kind: 'power',
  name: 'power-in-deep-compaction',
  title: 'A compaction between deeper levels that loses its power loses nothing and brings nothing back',
  workload: {
    ...killInDeepCompaction.workload,
    variants: [{}, { l0TablesSlowdown: 1 }, { compactionRunsMax: 2 }],
    operationsMin: 30,
    operationsMax: 60,
    livesMax: 1,
  },
  labels: [...tableLabels('deep-compaction')],
  models: ALL_MODELS,
  cases: 4,
};
