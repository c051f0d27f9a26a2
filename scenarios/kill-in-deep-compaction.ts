import { type CrashScenario, tableLabels, TINY_OPTIONS } from '../harness/index.js';

/**
 * Below L0 a level is one run of tables that do not overlap, and one table at a time goes down. What dies between two
 * levels must neither lose a key between them nor bring back what a tombstone above hides; a level that is written anew
 * in itself must not lose what a snapshot still sees.
 */
export const killInDeepCompaction: CrashScenario = {
  kind: 'crash',
  name: 'kill-in-deep-compaction',
  title: 'A compaction between deeper levels that dies loses no key and resurrects none',
  workload: {
    options: { ...TINY_OPTIONS, l0TablesMax: 2, l1TablesMax: 1 },
    variants: [{}, { l0TablesSlowdown: 1 }, { compactionRunsMax: 2 }, { tableEntriesMax: 2, levelsMax: 3 }],
    keysMax: 14,
    operationsMin: 20,
    operationsMax: 60,
    livesMax: 3,
  },
  kills: {
    kind: 'steps',
    labels: [...tableLabels('deep-compaction')],
    enumerate: { after: null },
  },
  cases: 10,
};
