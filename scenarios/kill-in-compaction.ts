import { type CrashScenario, tableLabels, TINY_OPTIONS } from '../harness/index.js';

/**
 * A compaction rewrites what was safe. If it dies, its inputs must still be there; if it has just finished, its
 * inputs may be half deleted; a tombstone that it dropped must have had nothing left to hide.
 */
export const killInCompaction: CrashScenario = {
  kind: 'crash',
  name: 'kill-in-compaction',
  title: 'A compaction that dies resurrects no deleted key, loses no value and leaves no orphan table',
  workload: {
    options: TINY_OPTIONS,
    variants: [{}, { l0TablesMax: 5 }],
    keysMax: 10,
    operationsMax: 50,
    livesMax: 4,
  },
  kills: {
    kind: 'steps',
    labels: [...tableLabels('compaction'), 'gc/sst.unlink', 'gc/bloom.unlink'],
    enumerate: { after: null },
  },
  cases: 30,
};
