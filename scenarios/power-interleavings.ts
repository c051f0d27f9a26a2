import { ALL_MODELS, type PowerScenario, TINY_OPTIONS } from '../harness/index.js';

/**
 * fast-check decides which of the waiting syncs, pauses and background steps comes next, so that flush, compaction and
 * concurrent writers meet in orders that a busy disk would give them once in a year.
 */
export const powerInterleavings: PowerScenario = {
  kind: 'power',
  name: 'power-interleavings',
  title: 'Whatever order syncs and background work complete in, a power loss takes nothing that was synced',
  workload: {
    options: TINY_OPTIONS,
    keysMax: 10,
    operationsMin: 10,
    operationsMax: 40,
    livesMax: 1,
    crowded: true,
  },
  order: 'scheduler',
  models: ALL_MODELS,
  cases: 6,
};
