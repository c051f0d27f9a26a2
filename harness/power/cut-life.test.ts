import { beforeAll, expect, test } from 'vitest';
import { EMPTY_DISK } from '../disk/disk.js';
import { type Machine, poweredOn, visibleDisk } from '../disk/machine.js';
import { PICK_KEPT, PICK_LOST, close } from '../disk/choices.js';
import type { HistoryEvent } from '../history/event.js';
import { puts, testCase } from '../run/run-test-place.js';
import type { Life } from '../workload/case.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import { type CutLife, cutLife, lostSteps, simulationAt } from './cut-life.js';
import { recordLife, type RecordedLife } from './record-life.js';

// Every write waits for its sync, and the second and third are in flight together.
const LIFE: Life = {
  operations: puts('abc').map((scheduled, index) => ({ ...scheduled, overlap: index === 2 })),
  end: 'kill idle',
};
const MACHINE: Machine = poweredOn(EMPTY_DISK);
let recorded: RecordedLife;

beforeAll(async () => {
  recorded = await recordLife(MACHINE, testCase([LIFE], { ...TINY_OPTIONS, durability: 'always' }), 0, LIFE, [
    'a',
    'b',
    'c',
  ]);
});

test('what the engine said between two steps was said before the second and not after the first', () => {
  // The answer to the first write comes between its sync and the next append.
  const answer = recorded.events.findIndex((event) => event.kind === 'ok' && event.index === 0);
  const between = recorded.positions[answer] ?? 0;
  const [before = '', after = ''] = [recorded.names[between], recorded.names[between - 1]];
  expect(after).toMatch(/^wal\/fsync#/);
  for (const death of ['kill', 'power posix']) {
    expect(answered(cut(`${death} before ${spaced(before)}`))).toEqual([0]);
    expect(answered(cut(`${death} after ${spaced(after)}`))).toEqual([]);
  }
});

test('what was in flight has an open outcome, in the order of the operations, and then comes the crash', () => {
  const appends = recorded.names.filter((name) => name.startsWith('wal/append#'));
  const { events, fired } = cut(`power ext4 after ${spaced(appends.at(-1) ?? '')}`);
  expect(fired).toBe(true);
  const last = events.slice(events.findIndex(({ kind }) => kind === 'info'));
  expect(last.map(({ kind }) => kind)).toEqual([...last.slice(1).map(() => 'info'), 'crash']);
  const indexes = last.flatMap((event) => (event.kind === 'info' ? [event.index] : []));
  expect(indexes).toEqual([...indexes].sort());
  expect(last.at(-1)).toMatchObject({ life: 0, death: { kind: 'power', model: 'ext4' }, fired: true });
});

test('idle is after everything that was said', () => {
  const { events, position } = cut('power posix idle');
  expect(position).toBe(recorded.steps.length);
  expect(events.slice(0, -1)).toEqual(recorded.events);
});

test('the file that a step makes is in the history after the step and not before it', () => {
  const created = (end: string) => cut(end).events.filter(({ kind }) => kind === 'create').length;
  expect(created('kill before wal/create #1')).toBe(0);
  expect(created('kill after wal/create #1')).toBe(1);
});

test('a process that dies leaves a machine with the steps that were done, and a part of a write', () => {
  const index = recorded.names.indexOf('wal/append#1');
  const step = recorded.steps[index];
  const whole = step?.kind === 'write' ? step.bytes.length : 0;
  expect(whole).toBeGreaterThan(5);
  const stepsOf = (end: string) => cut(end).machine.steps;
  expect(stepsOf('kill before wal/append #1')).toEqual(recorded.steps.slice(0, index));
  expect(stepsOf('kill after wal/append #1')).toEqual(recorded.steps.slice(0, index + 1));
  expect(stepsOf('kill inside wal/append #1 @0')).toEqual(recorded.steps.slice(0, index));
  expect(stepsOf('kill inside wal/append #1 @5').at(-1)).toMatchObject({ bytes: { length: 5 } });
  // All of it would be the moment after.
  expect(stepsOf('kill inside wal/append #1 @4000').at(-1)).toMatchObject({ bytes: { length: whole - 1 } });
  expect(cut('kill after wal/append #1').machine.names.at(-1)).toBe('0:wal/append#1');
});

test('a power loss leaves a machine that starts anew, and says which files it left', () => {
  const { machine, events } = cut('power posix idle lose wal/append#1');
  expect(machine.steps).toEqual([]);
  expect(events.at(-1)).toMatchObject({ left: [...machine.disk.files.keys()].sort() });
});

test('a power loss that loses nothing leaves what the process saw', () => {
  for (const moment of ['before flush/sst.fsync #1', 'after manifest/tmp.write #1', 'idle']) {
    expect(treeOf(visibleDisk(cut(`power posix ${moment}`).machine))).toEqual(
      treeOf(visibleDisk(cut(`kill ${moment}`).machine)),
    );
  }
});

test.each([
  ['a moment that does not come', 'power posix before gc/bloom.unlink #99'],
  ['a step that was forced', 'power posix idle lose manifest/rename#1'],
  ['a step that was never done', 'power posix idle lose wal/append#99'],
  ['a step of a life that was not', 'power posix idle lose 0:wal/append#1'],
  ['a remnant that the model does not leave', 'power posix after wal/append #1 lose wal/append#1=head@7'],
])('%s: the ending has not fired', (_, end) => {
  const { fired, events } = cut(end);
  expect(fired).toBe(false);
  expect(events.at(-1)).toMatchObject({ kind: 'crash', planned: end, fired: false });
});

test('the lost steps of a pick, put into an ending, leave the disk of that pick', () => {
  const position = recorded.names.indexOf('manifest/dir.fsync#1');
  const moment = `before ${spaced(recorded.names[position] ?? '')}`;
  for (const model of ['posix', 'ext4', 'xfs', 'btrfs'] as const) {
    const simulation = simulationAt(MACHINE, recorded, position, model);
    const choices = simulation.choices();
    expect(choices.length).toBeGreaterThan(0);
    for (const lost of choices.keys()) {
      const picked = close(
        choices,
        choices.map((_, index) => (index === lost ? PICK_LOST : PICK_KEPT)),
      );
      const names = lostSteps(simulation, picked).map(({ name }) => name);
      const { machine, fired } = cut(`power ${model} ${moment} lose ${names.join(' ')}`);
      expect(fired).toBe(true);
      expect(treeOf(machine.disk)).toEqual(treeOf(simulation.state(picked)));
    }
  }
});

test('a kill by the clock cannot be played', () => {
  expect(() => cut('kill at 5ms')).toThrow('depends on the clock');
});

function cut(end: string): CutLife {
  return cutLife(MACHINE, 0, recorded, end);
}

/** `wal/append#3` as endings have it: `wal/append #3`. */
function spaced(name: string): string {
  return name.replace('#', ' #');
}

function answered({ events }: { readonly events: readonly HistoryEvent[] }): readonly number[] {
  return events.flatMap((event) => (event.kind === 'ok' ? [event.index] : []));
}

function treeOf({ directories, files }: Machine['disk']): unknown {
  return {
    directories: [...directories].sort(),
    files: [...files].map(([path, { bytes }]) => [path, ...bytes] as const).sort(),
  };
}
