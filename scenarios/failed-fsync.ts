import { ALL_MODELS, type PowerScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * One sync in each case answers EIO. Its pages count as clean from then on, so the next sync succeeds and forces nothing
 * (Rebello et al., ATC 2020); what the engine acknowledged must not depend on them, in this life and the next ones.
 */
export const failedFsync: PowerScenario = {
  kind: 'power',
  name: 'failed-fsync',
  title: 'A sync that failed is never taken for one that succeeded',
  workload: { options: TINY_OPTIONS, keysMax: 10, operationsMin: 12, operationsMax: 40, livesMax: 2 },
  before: ['wal/append', 'flush/sst.fsync', 'manifest/rename', 'wal/fsync'],
  failedSyncs: [
    'wal/fsync',
    'wal/fsync',
    'wal/fsync',
    'rotate/wal.fsync',
    'prepare/wal.fsync',
    'wal/dir.fsync',
    'flush/sst.fsync',
    'flush/dir.fsync',
    'manifest/tmp.fsync',
    'manifest/dir.fsync',
    'manifest/dir.fsync',
    'compaction/sst.fsync',
  ],
  models: ALL_MODELS,
  cases: 30,
};
