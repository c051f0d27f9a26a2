import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_DISK } from '../disk/disk.js';
import { afterDeath, poweredOn } from '../disk/machine.js';
import { isChange } from '../disk/trace.js';
import { puts, testCase } from '../run/run-test-place.js';
import { caseArbitrary } from '../workload/arbitraries.js';
import type { Life } from '../workload/case.js';
import { keysOf } from '../workload/case-facts.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import { recordLife } from './record-life.js';
import { ScheduledTurns } from './scheduled-turns.js';

const LIFE: Life = { operations: puts('abcdefghij'), end: 'kill idle' };

test('each step has one name, and each event stands where it was said', async () => {
  const { steps, names, events, positions, fatal } = await record(LIFE);
  expect(fatal).toBe(false);
  expect(names).toHaveLength(steps.length);
  expect(new Set(names).size).toBe(names.length);
  expect(positions).toHaveLength(events.length);
  expect(positions).toEqual([...positions].sort((left, right) => left - right));
  expect(positions.every((position) => position >= 0 && position <= steps.length)).toBe(true);
});

test('a sync covers no step that came after it was asked for, and no fewer than the sync of its file before', async () => {
  const { steps } = await record(LIFE);
  const since = new Map<string, number>();
  let syncs = 0;
  for (const [index, step] of steps.entries()) {
    if (isChange(step) || step.kind === 'none') continue;
    expect(step.since).toBeLessThanOrEqual(index);
    expect(step.since).toBeGreaterThanOrEqual(since.get(step.path) ?? 0);
    since.set(step.path, step.since);
    syncs++;
  }
  expect(syncs).toBeGreaterThan(5);
});

test('writes on what a killed life left go on from there; syncs count its steps as well', async () => {
  const first = await record(LIFE);
  const machine = afterDeath(poweredOn(EMPTY_DISK), 0, first.steps);
  const second = await recordLife(machine, testCase([LIFE, LIFE]), 1, LIFE, ['a']);
  expect(second.events.find(({ kind }) => kind === 'observe')).toMatchObject({ gets: [['a', '0.0']] });
  const sync = second.steps.find(({ kind }) => kind === 'sync');
  expect(sync?.kind === 'sync' && sync.since > first.steps.length).toBe(true);
  expect(second.names[0]).toBe('open/mkdir#1');
});

test('a sync that is to fail fails once, where it is planned, and the history says so right after the step', async () => {
  const fault = 'io-error EIO at flush/sst.fsync #2';
  const { steps, names, events, positions } = await record({ ...LIFE, faults: [fault] });
  const failed = steps.flatMap((step, index) => ('answered' in step && !step.answered ? [index] : []));
  expect(failed.map((index) => names[index])).toEqual(['flush/sst.fsync#2']);
  const said = events.findIndex(({ kind }) => kind === 'fault');
  expect(events[said]).toEqual({ kind: 'fault', life: 0, fault });
  expect(positions[said]).toBe((failed[0] ?? 0) + 1);
  expect(events.filter(({ kind }) => kind === 'fault')).toHaveLength(1);
});

test('a sync that never comes does not fail', async () => {
  const { events, steps } = await record({ ...LIFE, faults: ['io-error EIO at wal/fsync #99'] });
  expect(events.some(({ kind }) => kind === 'fault')).toBe(false);
  expect(steps.every((step) => !('answered' in step) || step.answered)).toBe(true);
});

test('an order that the scheduler decided is played again from its numbers, without the scheduler', async () => {
  const workload = { options: TINY_OPTIONS, keysMax: 8, operationsMin: 10, operationsMax: 30, livesMax: 1 };
  const cases = fc.sample(caseArbitrary('by-hand', 'lsm', workload, fc.constant('kill idle')), {
    numRuns: 12,
    seed: 5,
  });
  const orders = new Set<string>();
  for (const crashCase of cases) {
    const [life] = crashCase.lives;
    if (life === undefined) continue;
    const play = (number: number, order: ScheduledTurns | readonly number[]) =>
      order instanceof ScheduledTurns
        ? recordLife(poweredOn(EMPTY_DISK), crashCase, number, life, keysOf(crashCase), { order })
        : recordLife(
            poweredOn(EMPTY_DISK),
            crashCase,
            number,
            { ...life, completions: order },
            keysOf(crashCase),
          );
    for (const seed of [1, 2, 2 ** 32 - 1]) {
      const scheduler = new ScheduledTurns(seed);
      const scheduled = await play(0, scheduler);
      const again = await play(0, new ScheduledTurns(seed));
      const replayed = await play(0, scheduler.completions);
      expect(again).toEqual(scheduled);
      expect(replayed).toEqual(scheduled);
      orders.add(scheduler.completions.join());
    }
  }
  // Otherwise the scheduler decides nothing.
  expect(orders.size).toBeGreaterThan(20);
});

function record(life: Life) {
  return recordLife(poweredOn(EMPTY_DISK), testCase([life]), 0, life, ['a', 'b']);
}
