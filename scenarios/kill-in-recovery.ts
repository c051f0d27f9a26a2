import { type CrashScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * Recovery is the code that runs when things have gone wrong, so it must survive going wrong itself. The life before
 * dies in the middle of a WAL record; this one dies at every step of opening; the next one must find everything.
 * The lock file of a dead owner must not keep the next one out.
 */
export const killInRecovery: CrashScenario = {
  kind: 'crash',
  name: 'kill-in-recovery',
  title: 'A recovery that dies can be run again and gives the same answer',
  workload: { options: TINY_OPTIONS, keysMax: 10, operationsMax: 20, livesMax: 6 },
  kills: {
    kind: 'steps',
    labels: [
      'open/mkdir',
      'open/lock',
      'recovery/dir.fsync',
      'recovery/wal.truncate',
      'recovery/wal.fsync',
      'recovery/unlink',
      'wal/create',
      'wal/header',
      'wal/fsync',
      'wal/dir.fsync',
      'manifest/tmp.create',
      'manifest/tmp.write',
      'manifest/tmp.fsync',
      'manifest/rename',
      'manifest/dir.fsync',
      'close/unlock',
    ],
    enumerate: { after: 'kill inside wal/append #5 @9' },
  },
  cases: 30,
};
