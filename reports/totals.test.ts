import { expect, test } from 'vitest';
import type { CrashPointRow } from '../harness/run/record.js';
import { GREEN_RECORD } from './sample-record.js';
import { groupByPhase, runTotals } from './totals.js';

function row(label: string, before: number, inside: number | null, after: number): CrashPointRow {
  return {
    label,
    reached: 5,
    before: { kills: before, failures: 0 },
    inside: inside === null ? null : { kills: inside, failures: 0 },
    after: { kills: after, failures: 0 },
  };
}

test('a point is reached when something was killed there, and a moment that cannot be is no point', () => {
  const crashPoints = [row('wal/append', 1, 0, 2), row('wal/fsync', 0, null, 3)];
  const totals = runTotals({ ...GREEN_RECORD, crashPoints });
  expect([totals.pointsReached, totals.points]).toEqual([3, 5]);
});

test('steps are grouped by the part of the label before the slash', () => {
  const rows = ['wal/append', 'gc/unlink', 'wal/fsync', 'odd'].map((label) => row(label, 0, null, 0));
  expect(groupByPhase(rows).map(({ phase, rows: steps }) => [phase, steps.length])).toEqual([
    ['wal', 2],
    ['gc', 1],
    ['odd', 1],
  ]);
});
