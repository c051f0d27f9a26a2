import { type CrashScenario, tableLabels, TINY_OPTIONS } from '../harness/index.js';

/**
 * A flush moves writes from WAL to table. Until the MANIFEST names the table the WAL is the only truth, and a table
 * that nobody names is rubbish to be removed.
 */
export const killInFlush: CrashScenario = {
  kind: 'crash',
  name: 'kill-in-flush',
  title: 'A flush that dies loses nothing, shows nothing twice and leaves no orphan table',
  workload: { options: TINY_OPTIONS, keysMax: 10, operationsMax: 50, livesMax: 4 },
  kills: {
    kind: 'steps',
    labels: [...tableLabels('flush'), 'gc/wal.unlink'],
    enumerate: { after: null },
  },
  cases: 30,
};
