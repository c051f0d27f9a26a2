import { keyRange, overlappingInRun, type Run, runsOfLevel } from '../manifest/runs.js';
import type { CompactionPhase } from '../vfs/step.js';
import type { TableMeta } from '../table/meta.js';

/**
 * A compaction as data: which sorted runs are merged, and where the result goes. How it is chosen is a pure function of
 * the levels (leveled.ts, tiered.ts, manual.ts); how it is done is in run.ts.
 *
 * What makes one safe: of two versions of a key the newer is never below the older. So whatever stays where the inputs
 * come from is newer than they are, and whatever stays where the output goes is older than it, or shares no key with it.
 */
export interface Compaction {
  /** Newest first, at most `compactionRunsMax` of them. */
  readonly inputs: readonly Run[];
  readonly outputLevel: number;
  /** The run that the output joins; undefined for a run of its own, newer than all others of the level. */
  readonly outputRun: number | undefined;
  /** Labels the steps. */
  readonly phase: CompactionPhase;
}

type Levels = readonly (readonly TableMeta[])[];

/** The oldest `runsMax` runs of a level: it is always safe to take those, since all that stays is newer. */
export function oldestRuns(tables: readonly TableMeta[], runsMax: number): readonly Run[] {
  return runsOfLevel(tables).slice(-runsMax);
}

/** Merges the oldest runs of a level into one, which stays the oldest of that level. */
export function mergeWithin(
  levels: Levels,
  level: number,
  runsMax: number,
  phase: CompactionPhase,
): Compaction {
  const inputs = oldestRuns(levels[level] ?? [], runsMax);
  return { inputs, outputLevel: level, outputRun: inputs[0]?.[0]?.run ?? 0, phase };
}

/**
 * Merges runs of a level into the one run of the level below. `upper` is one run, or some whose older neighbours are among
 * them; the level below has one run at most.
 */
export function mergeDown(
  levels: Levels,
  level: number,
  upper: readonly Run[],
  phase: CompactionPhase,
): Compaction {
  const below = levels[level + 1] ?? [];
  // The range of all of them, since one table of the output may reach from the first key to the last.
  const { smallest, largest } = keyRange(upper.flat());
  const lower = overlappingInRun(below, smallest, largest);
  return {
    inputs: lower.length > 0 ? [...upper, lower] : upper,
    outputLevel: level + 1,
    outputRun: below[0]?.run ?? 0,
    phase,
  };
}

/** Every table that may hold a version older than what a compaction writes. */
export function olderRuns(levels: Levels, { inputs, outputLevel }: Compaction): readonly Run[] {
  const merged = new Set(inputs.flat());
  // The oldest runs of a level were taken, so if all come from the output's own level, what stays there is newer.
  const within = inputs.flat().every(({ level }) => level === outputLevel);
  return levels
    .slice(within ? outputLevel + 1 : outputLevel)
    .flatMap(runsOfLevel)
    .map((run) => run.filter((table) => !merged.has(table)))
    .filter((run) => run.length > 0);
}
