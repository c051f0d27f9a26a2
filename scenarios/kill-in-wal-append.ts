import { type CrashScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * The WAL is where an acknowledgement becomes true. Killed in the middle of a record, the engine must drop exactly
 * that record; killed right after it, it must keep it, acknowledged or not, and stay with what it first showed.
 */
export const killInWalAppend: CrashScenario = {
  kind: 'crash',
  name: 'kill-in-wal-append',
  title: 'A write is there after recovery if it was acknowledged, whole or not at all if it was not',
  workload: { options: TINY_OPTIONS, keysMax: 10, operationsMax: 50, livesMax: 4 },
  kills: {
    kind: 'steps',
    labels: ['wal/create', 'wal/header', 'wal/append', 'wal/fsync', 'wal/dir.fsync'],
    enumerate: { after: null },
  },
  cases: 30,
};
