import type { KeyRange } from '../arguments.js';
import { runsOfLevel, tablesInRange } from '../manifest/runs.js';
import type { EngineOptions } from '../options.js';
import type { TableMeta } from '../table/meta.js';
import { type Compaction, mergeDown, mergeWithin, oldestRuns } from './compaction.js';

/**
 * A compaction that somebody asked for: all tables that meet a range, and that were there when it began, go down level by
 * level into one run of the deepest level in which the range has tables (L1 at least). At last the tables that lie there
 * and hold what may be forgotten (tombstones, versions that were overwritten) are written anew, once: a snapshot may have
 * kept that alive. Tables that a flush adds meanwhile are left to the next call, so it ends however much is written.
 */
export class ManualCompaction {
  readonly #range: KeyRange;
  readonly #numberEnd: number;
  #level = 0;
  #cleaned = false;

  /** Tables of L0 with a number of `numberEnd` or more are newer than the request. */
  constructor(range: KeyRange, numberEnd: number) {
    this.#range = range;
    this.#numberEnd = numberEnd;
  }

  /** What to do next; undefined when the range is compacted. */
  next(levels: readonly (readonly TableMeta[])[], options: EngineOptions): Compaction | undefined {
    const { compactionRunsMax } = options;
    const inRange = levels.map((tables) =>
      runsOfLevel(tables).flatMap((run) => tablesInRange(run, this.#range)),
    );
    // Not bounded by `levelsMax`: the database may have had more levels when it was last open.
    const bottom = Math.max(
      1,
      inRange.findLastIndex((tables) => tables.length > 0),
    );
    const several = levels.findLastIndex(
      (tables, level) => level > 0 && level <= bottom && runsOfLevel(tables).length > 1,
    );
    if (several > 0) return mergeWithin(levels, several, compactionRunsMax, this.#phase(several, options));
    for (; this.#level < bottom; this.#level++) {
      const level = this.#level;
      const asked = (inRange[level] ?? []).filter(({ number }) => level > 0 || number < this.#numberEnd);
      if (asked.length === 0) continue;
      // A level below L0 is one run by now, so the next round goes on below.
      if (level > 0) this.#level++;
      const upper = level > 0 ? [asked] : oldestRuns(levels[0] ?? [], compactionRunsMax - 1);
      return mergeDown(levels, level, upper, this.#phase(level, options));
    }
    return this.#clean(inRange[bottom] ?? [], bottom, options);
  }

  #clean(tables: readonly TableMeta[], level: number, options: EngineOptions): Compaction | undefined {
    const isForgettable = ({ tombstones, entries, keys }: TableMeta) => tombstones > 0 || entries > keys;
    const [first, last] = [tables.findIndex(isForgettable), tables.findLastIndex(isForgettable)];
    if (this.#cleaned || first < 0) return undefined;
    this.#cleaned = true;
    // Those in between go with them: a table of the output may reach across.
    const run = tables.slice(first, last + 1);
    const outputRun = run[0]?.run ?? 0;
    return { inputs: [run], outputLevel: level, outputRun, phase: this.#phase(level, options) };
  }

  #phase(level: number, { compaction }: EngineOptions): Compaction['phase'] {
    if (compaction === 'tiered') return 'tiered-compaction';
    return level === 0 ? 'compaction' : 'deep-compaction';
  }
}
