import { expect, test } from 'vitest';
import type { ModelRecord } from '../harness/run/record.js';
import { modelGroups, powerScenarios, powerTotals, untriedStates } from './power-totals.js';
import { powerSentences } from './power-text.js';
import { POWER_RECORD } from './sample-power.js';
import { GREEN_RECORD } from './sample-record.js';

const SCENARIOS = powerScenarios(POWER_RECORD.scenarios);
const ROW = firstModel();

test('a run without power losses has no totals and no sentence', () => {
  expect(powerTotals(GREEN_RECORD)).toMatchObject({ models: 0, distinct: 0, untried: 0 });
  expect(powerSentences(GREEN_RECORD)).toEqual([]);
});

test('a model counts once, with and without failed syncs', () => {
  expect(powerTotals(POWER_RECORD)).toMatchObject({ models: 6, withFailedSyncs: true });
});

test('recoveries of all scenarios are summed by depth', () => {
  expect(powerTotals(POWER_RECORD).depths).toEqual([34_440, 3_600, 1_020]);
});

test('states that were not tried are never fewer than none', () => {
  expect(untriedStates({ ...ROW, reachable: 10, tried: 4 })).toBe(6);
  expect(untriedStates({ ...ROW, reachable: 10, tried: 40 })).toBe(0);
});

test('models keep their order, those with a failed sync apart', () => {
  expect(
    modelGroups(SCENARIOS).map(({ layer, columns }) => [layer, columns.map(({ base }) => base)]),
  ).toEqual([
    ['', ['kill', 'posix', 'ext4', 'ext4-writeback', 'xfs', 'btrfs']],
    ['fsync-fails', ['posix', 'ext4']],
  ]);
});

test('only a run that exhausted every point says that every state was tried', () => {
  function sentencesOf(exhaustedPoints: number, reachable: number): string {
    const scenarios = SCENARIOS.map((scenario) => ({
      ...scenario,
      power: { ...scenario.power, models: [{ ...ROW, points: 9, exhaustedPoints, reachable, tried: 50 }] },
    }));
    return powerSentences({ ...POWER_RECORD, scenarios }).join(' ');
  }
  expect(sentencesOf(9, 50)).toContain(
    'every allowed state was tried. Every state was tried at all of 27 points',
  );
  expect(sentencesOf(8, 50)).toContain(
    'some allowed states not tried. Every state was tried at 24 of 27 points',
  );
  expect(sentencesOf(8, 60)).toContain('about 30 allowed states not tried');
});

function firstModel(): ModelRecord {
  const [row] = SCENARIOS[0]?.power.models ?? [];
  if (row === undefined) throw new Error('The sample has a model.');
  return row;
}
