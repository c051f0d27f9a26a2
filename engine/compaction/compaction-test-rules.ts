import { expect } from 'vitest';
import { runsOf, runsOfLevel } from '../manifest/runs.js';
import type { EngineOptions } from '../options.js';
import type { Compaction } from './compaction.js';
import type { TreeModel } from './compaction-test-model.js';

/** For tests only: what holds for every compaction, whoever has picked it. What it does to readers is for the model to say. */
export function expectWellFormed(
  { levels }: TreeModel,
  compaction: Compaction,
  options: EngineOptions,
): void {
  const { inputs, outputLevel, outputRun } = compaction;
  expect(inputs.length).toBeGreaterThan(0);
  expect(inputs.length).toBeLessThanOrEqual(options.compactionRunsMax);
  const runs = runsOf(levels);
  const places = inputs.map((input) => {
    expect(input.length).toBeGreaterThan(0);
    const place = runs.findIndex((run) => input.every((table) => run.includes(table)));
    // Part of one run, in its order, each table once.
    expect(runs[place]?.filter((table) => input.includes(table))).toEqual(input);
    return place;
  });
  // Newest first, and no run twice.
  expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
  for (const { level } of inputs.flat()) expect([outputLevel - 1, outputLevel]).toContain(level);
  expect(outputLevel).toBeGreaterThan(0);
  expect(outputLevel).toBeLessThan(Math.max(options.levelsMax, levels.length));
  const runsThere = runsOfLevel(levels[outputLevel] ?? []).map(([table]) => table?.run);
  if (outputRun !== undefined && runsThere.length > 0) expect(runsThere).toContain(outputRun);
}
