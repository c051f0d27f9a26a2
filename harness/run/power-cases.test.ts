import { expect, test } from 'vitest';
import { parseEnding } from '../faults/ending.js';
import { parseSyncFault } from '../faults/sync-fault.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import { powerCase } from './power-cases.js';
import type { PowerScenario } from './power-scenario.js';

const SCENARIO: PowerScenario = {
  kind: 'power',
  name: 'power-test',
  title: 'for tests',
  workload: { options: TINY_OPTIONS, keysMax: 6, operationsMin: 3, operationsMax: 12, livesMax: 3 },
  before: ['wal/append', 'manifest/rename'],
  models: ['posix'],
  cases: 20,
};
const NUMBERS = Array.from({ length: 20 }, (_, number) => number);

test('a case depends on the seed and its own number, and on no other case', () => {
  const backwards = [...NUMBERS].reverse().map((number) => powerCase(SCENARIO, 'lsm', 9, number));
  const cases = NUMBERS.map((number) => powerCase(SCENARIO, 'lsm', 9, number));
  expect(backwards.reverse()).toEqual(cases);
  expect(new Set(cases.map((one) => JSON.stringify(one))).size).toBe(NUMBERS.length);
  expect(powerCase(SCENARIO, 'lsm', 10, 0)).not.toEqual(cases[0]);
});

test('the last life ends when nothing is left to do; those before it die at the steps of the scenario', () => {
  const endings = NUMBERS.map((number) => powerCase(SCENARIO, 'lsm', 9, number).lives.map(({ end }) => end));
  for (const ends of endings) {
    expect(ends.at(-1)).toBe('kill idle');
    for (const end of ends.slice(0, -1).map(parseEnding)) {
      if (end.kind === 'kill-idle') continue;
      expect(end.kind === 'kill-at-step' ? SCENARIO.before : []).toContain('label' in end ? end.label : '');
    }
  }
  expect(endings.some((ends) => ends.length > 1)).toBe(true);
});

test('one sync in each case fails, of those that the scenario names, in any of its lives', () => {
  const failedSyncs = ['wal/fsync', 'flush/dir.fsync'] as const;
  const lives = new Set<string>();
  for (const number of NUMBERS) {
    const { lives: all } = powerCase({ ...SCENARIO, failedSyncs }, 'lsm', 9, number);
    const faults = all.flatMap((life, index) => (life.faults ?? []).map((text) => ({ index, text })));
    expect(faults).toHaveLength(1);
    expect(failedSyncs).toContain(parseSyncFault(faults[0]?.text ?? '').label);
    lives.add(`${all.length - 1 - (faults[0]?.index ?? 0)}`);
  }
  expect(lives.size).toBeGreaterThan(1);
});

test('the syncs that fail take turns; a compaction is asked for where one of its syncs shall fail', () => {
  const failedSyncs = ['wal/fsync', 'flush/dir.fsync', 'compaction/sst.fsync'] as const;
  for (const number of NUMBERS) {
    const { lives } = powerCase({ ...SCENARIO, failedSyncs }, 'lsm', 9, number);
    const [faulted] = lives.filter(({ faults }) => faults !== undefined);
    const { label } = parseSyncFault(faulted?.faults?.[0] ?? '');
    expect(label).toBe(failedSyncs[number % 3]);
    if (label.startsWith('compaction/')) expect(faulted?.operations.at(-1)?.operation.kind).toBe('compact');
  }
});
