import { ALL_MODELS, type PowerScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * The first life dies by a kill in the middle of its work, so recovery finds what only the page cache holds; the power
 * fails while it mends that. From what is left it must come to the same end, three crashes deep.
 */
export const powerInRecovery: PowerScenario = {
  kind: 'power',
  name: 'power-in-recovery',
  title: 'Recovery that is interrupted again and again ends in the same state',
  workload: { options: TINY_OPTIONS, keysMax: 8, operationsMin: 5, operationsMax: 25, livesMax: 3 },
  before: [
    'wal/append',
    'wal/create',
    'flush/sst.write',
    'manifest/rename',
    'gc/wal.unlink',
    'recovery/wal.fsync',
  ],
  labels: [
    'open/mkdir',
    'recovery/wal.truncate',
    'recovery/wal.fsync',
    'recovery/dir.fsync',
    'recovery/unlink',
    'wal/create',
    'wal/header',
    'manifest/rename',
  ],
  models: ALL_MODELS,
  cases: 18,
};
