import { ALL_MODELS, type PowerScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * A flush writes a table and its filter, makes both durable with the directory, and only then publishes them. Whoever
 * leaves one of the syncs out is not found by a kill: the page cache outlives the process, and not the machine.
 */
export const powerInFlush: PowerScenario = {
  kind: 'power',
  name: 'power-in-flush',
  title: 'A flush that loses its power loses nothing that was synced and publishes nothing that is not there',
  workload: { options: TINY_OPTIONS, keysMax: 10, operationsMin: 8, operationsMax: 40, livesMax: 1 },
  labels: [
    'flush/sst.create',
    'flush/sst.write',
    'flush/sst.fsync',
    'flush/bloom.create',
    'flush/bloom.write',
    'flush/bloom.fsync',
    'flush/dir.fsync',
    'manifest/rename',
    'manifest/dir.fsync',
  ],
  models: ALL_MODELS,
  cases: 8,
};
