import { runsOfLevel } from '../manifest/runs.js';
import type { EngineOptions } from '../options.js';
import type { TableMeta } from '../table/meta.js';
import { type Compaction, mergeWithin, oldestRuns } from './compaction.js';

/**
 * Tiered compaction (size-tiered, as in Cassandra; Dayan and Idreos, "Dostoevsky", 2018): a level gathers runs, and when it
 * has `l0TablesMax` of them they become one run of the level below, without touching what is there. An entry is written
 * once a level instead of about `levelRatio` times; a read has more runs to look into, and old versions stay longer. The
 * last level has nothing below and merges its own runs.
 */
export function pickTiered(
  levels: readonly (readonly TableMeta[])[],
  { l0TablesMax, levelsMax, compactionRunsMax }: EngineOptions,
): Compaction | undefined {
  for (const [level, tables] of levels.entries()) {
    if (runsOfLevel(tables).length < Math.max(2, l0TablesMax)) continue;
    if (level >= levelsMax - 1) return mergeWithin(levels, level, compactionRunsMax, 'tiered-compaction');
    return {
      inputs: oldestRuns(tables, compactionRunsMax),
      outputLevel: level + 1,
      outputRun: undefined,
      phase: 'tiered-compaction',
    };
  }
  return undefined;
}
