import type { EngineOptions } from '../options.js';
import type { TableMeta } from '../table/meta.js';
import type { Compaction } from './compaction.js';
import { pickLeveled } from './leveled.js';
import { pickTiered } from './tiered.js';

/** What to compact next of its own accord, undefined if all levels are in shape. A pure function of the levels. */
export function pickCompaction(
  levels: readonly (readonly TableMeta[])[],
  options: EngineOptions,
): Compaction | undefined {
  switch (options.compaction) {
    case 'leveled':
      return pickLeveled(levels, options);
    case 'tiered':
      return pickTiered(levels, options);
  }
}
