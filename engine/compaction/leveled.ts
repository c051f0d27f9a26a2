import { overlappingInRun, runsOfLevel } from '../manifest/runs.js';
import type { EngineOptions } from '../options.js';
import type { TableMeta } from '../table/meta.js';
import { type Compaction, mergeDown, mergeWithin, oldestRuns } from './compaction.js';

/**
 * Leveled compaction, after O'Neil et al., "The Log-Structured Merge-Tree" (1996), in the shape of LevelDB: L0 goes first,
 * when it has too many tables; below, a level that holds more than its share gives one table to the next, the one that
 * meets the fewest there. Levels below L0 have one run each; where tiered compaction has left several they are made one
 * before anything else goes there.
 */
export function pickLeveled(
  levels: readonly (readonly TableMeta[])[],
  options: EngineOptions,
): Compaction | undefined {
  const { l0TablesMax, l1TablesMax, levelRatio, levelsMax, compactionRunsMax } = options;
  const several = levels.findLastIndex((tables, level) => level > 0 && runsOfLevel(tables).length > 1);
  if (several > 0) return mergeWithin(levels, several, compactionRunsMax, 'deep-compaction');
  const top = levels[0] ?? [];
  if (top.length >= l0TablesMax) {
    return mergeDown(levels, 0, oldestRuns(top, compactionRunsMax - 1), 'compaction');
  }
  for (let level = 1; level < Math.min(levels.length, levelsMax - 1); level++) {
    const tables = levels[level] ?? [];
    if (tables.length > l1TablesMax * levelRatio ** (level - 1)) return pushDown(levels, level, tables);
  }
  return undefined;
}

function pushDown(
  levels: readonly (readonly TableMeta[])[],
  level: number,
  tables: readonly TableMeta[],
): Compaction {
  const below = levels[level + 1] ?? [];
  let cheapest = tables[0] as TableMeta;
  let fewest = Infinity;
  for (const table of tables) {
    const met = overlappingInRun(below, table.smallest, table.largest).length;
    if (met >= fewest) continue;
    cheapest = table;
    fewest = met;
  }
  return mergeDown(levels, level, [[cheapest]], 'deep-compaction');
}
