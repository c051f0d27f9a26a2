import { ALL_MODELS, type PowerScenario, tableLabels, TINY_OPTIONS } from '../harness/index.js';

/**
 * Tables move from level to level, and old ones go. Until the new ones are durable, names included, the old ones are the
 * only truth.
 */
export const powerInCompaction: PowerScenario = {
  kind: 'power',
  name: 'power-in-compaction',
  title: 'A compaction that loses its power loses nothing and brings nothing back',
  workload: { options: TINY_OPTIONS, keysMax: 10, operationsMin: 20, operationsMax: 60, livesMax: 1 },
  labels: [...tableLabels('compaction'), 'manifest/rename', 'manifest/dir.fsync'],
  models: ALL_MODELS,
  cases: 8,
};
