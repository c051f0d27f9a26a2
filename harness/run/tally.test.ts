import { expect, test } from 'vitest';
import { STEP_LABELS } from '../../engine/index.js';
import type { Death, HistoryEvent } from '../history/event.js';
import type { LifeOutcome } from './life-notes.js';
import { crashPointRows, Tally } from './tally.js';
import { testCase } from './run-test-place.js';

const ITSELF: Death = { kind: 'killed', by: 'itself' };
const PARENT: Death = { kind: 'killed', by: 'parent' };

test('kills are counted by how they came about, at the point where they struck', () => {
  const tally = new Tally();
  tally.addLife('kill before manifest/rename #2', life(ITSELF, true), false);
  tally.addLife('kill inside wal/append #1 @3', life(ITSELF, true), false);
  tally.addLife('kill after wal/append #9', life(PARENT, false), false);
  tally.addLife('kill idle', life(PARENT, true), false);
  tally.addLife('kill at 3ms', life(PARENT, true), false);
  tally.addLife('close', life(undefined, true), false);
  expect(tally.counts()).toMatchObject({
    lives: 6,
    kills: { exact: 2, timed: 1, idle: 2 },
    faultsNotFired: 1,
  });
  tally.addLife('kill before close/unlock #1', life(undefined, false), true);
  expect(tally.counts()).toMatchObject({ faultsNotFired: 2, kills: { idle: 2 } });
  expect(tally.cell('manifest/rename', 'before')).toEqual({ kills: 1, failures: 0 });
  expect(tally.cell('wal/append', 'inside')).toEqual({ kills: 1, failures: 0 });
  expect(tally.cell('wal/append', 'after')).toEqual({ kills: 0, failures: 0 });
});

test('operations, answers, recoveries and steps are summed over lives and cases', () => {
  const tally = new Tally();
  const lives = [
    life(ITSELF, true, { 'wal/append': 3 }, [
      { kind: 'open', life: 0 },
      { kind: 'invoke', life: 0, index: 0, operation: { kind: 'flush' } },
      { kind: 'ok', life: 0, index: 0, result: {} },
      { kind: 'invoke', life: 0, index: 1, operation: { kind: 'flush' } },
      { kind: 'info', life: 0, index: 1 },
    ]),
    life(undefined, true, { 'wal/append': 2 }, [{ kind: 'open', life: 1 }]),
  ];
  const crashCase = testCase([{ operations: [], end: 'kill before wal/append #4' }]);
  tally.add(crashCase, outcome(lives, 'held'));
  tally.add(crashCase, outcome(lives, 'violated'));
  expect(tally.counts()).toMatchObject({ cases: 2, lives: 4, operations: 4, acknowledged: 2, recoveries: 2 });
  expect(tally.reachedSteps('wal/append')).toBe(10);
  expect(tally.cell('wal/append', 'before')).toEqual({ kills: 2, failures: 1 });
});

test('two tallies merge into what one would have counted', () => {
  const [first, second, both] = [new Tally(), new Tally(), new Tally()];
  const crashCase = testCase([{ operations: [], end: 'kill before wal/append #1' }]);
  const dead = outcome([life(ITSELF, true, { 'wal/append': 1 })], 'violated');
  const idle = outcome([life(PARENT, false, { 'wal/append': 4 })], 'held');
  first.add(crashCase, dead);
  second.add(crashCase, idle);
  both.add(crashCase, dead);
  both.add(crashCase, idle);
  first.merge(second);
  expect(first.counts()).toEqual(both.counts());
  expect(crashPointRows([first])).toEqual(crashPointRows([both]));
});

test('the table lists every step once, in the order of the engine, and sums over the scenarios', () => {
  const [first, second] = [new Tally(), new Tally()];
  first.addLife('kill after wal/append #1', life(ITSELF, true, { 'wal/append': 1 }), false, true);
  second.addLife('kill after wal/append #2', life(ITSELF, true, { 'wal/append': 2 }), true);
  const rows = crashPointRows([first, second]);
  expect(rows.map(({ label }) => label)).toEqual(STEP_LABELS);
  expect(rows.find(({ label }) => label === 'wal/append')).toEqual({
    label: 'wal/append',
    reached: 3,
    before: { kills: 0, failures: 0 },
    inside: { kills: 0, failures: 0 },
    after: { kills: 2, failures: 1 },
  });
  expect(rows.find(({ label }) => label === 'wal/fsync')?.inside).toBeNull();
});

function life(
  death: Death | undefined,
  fired: boolean,
  steps: LifeOutcome['steps'] = {},
  events: readonly HistoryEvent[] = [],
): LifeOutcome {
  return { events, steps, recovered: undefined, death, fired, timedOut: false, fatal: false };
}

function outcome(lives: readonly LifeOutcome[], verdict: 'held' | 'violated') {
  return { history: [], lives, directories: [], judgement: { verdict, violations: [], doubts: [] } };
}
