import { ALL_MODELS, type PowerScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * An unlink that was not synced may come back or not, whatever else survived. A file that comes back must not be taken for
 * a living one; a file that is gone must not be needed.
 */
export const powerAtFileDeletion: PowerScenario = {
  kind: 'power',
  name: 'power-at-file-deletion',
  title: 'A deletion that a power loss undoes or outlives harms nothing',
  workload: { options: TINY_OPTIONS, keysMax: 10, operationsMin: 20, operationsMax: 60, livesMax: 1 },
  labels: ['gc/wal.unlink', 'gc/sst.unlink', 'gc/bloom.unlink', 'gc/manifest.unlink'],
  models: ALL_MODELS,
  cases: 8,
};
