import { ALL_MODELS, type PowerScenario, tableLabels, TINY_OPTIONS } from '../harness/index.js';

/**
 * A flush writes a table and its filter, makes both durable with the directory, and only then publishes them. Whoever
 * leaves one of the syncs out is not found by a kill: the page cache outlives the process, and not the machine.
 */
export const powerInFlush: PowerScenario = {
  kind: 'power',
  name: 'power-in-flush',
  title: 'A flush that loses its power loses nothing that was synced and publishes nothing that is not there',
  workload: { options: TINY_OPTIONS, keysMax: 10, operationsMin: 8, operationsMax: 40, livesMax: 1 },
  labels: [...tableLabels('flush'), 'manifest/rename', 'manifest/dir.fsync'],
  models: ALL_MODELS,
  cases: 8,
};
