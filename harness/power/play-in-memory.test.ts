import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STEP_LABELS } from '../../engine/index.js';
import { killAtStepArbitrary } from '../faults/ending-arbitrary.js';
import { MODEL_NAMES } from '../disk/model.js';
import type { HistoryEvent } from '../history/event.js';
import { encodeHistory } from '../history/ndjson.js';
import type { LifeOutcome } from '../run/life-notes.js';
import { runCase } from '../run/run-case.js';
import { openPlace, puts, testCase, type TestPlace } from '../run/run-test-place.js';
import { caseArbitrary } from '../workload/arbitraries.js';
import type { Operation } from '../workload/operation.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import { playInMemory } from './play-in-memory.js';

let place: TestPlace;
beforeAll(() => {
  place = openPlace();
});
afterAll(async () => await place.close());

// So small a workload comes to no other compaction than the first.
const LABELS = STEP_LABELS.filter((label) => !/^(deep|tiered)-/.test(label));
const WORKLOAD = { options: TINY_OPTIONS, keysMax: 8, operationsMax: 25, livesMax: 3 };
const CASES = fc.sample(caseArbitrary('by-hand', 'lsm', WORKLOAD, killAtStepArbitrary(LABELS)), {
  numRuns: 10,
  seed: 20_261_121,
});

test('a case that is killed has the same history and steps in memory and in real children on a real disk', async () => {
  let fired = 0;
  for (const crashCase of CASES) {
    const [real, simulated] = [await runCase(crashCase, place), await playInMemory(crashCase)];
    expect(simulated.history.map(asAnywhere), JSON.stringify(crashCase.lives)).toEqual(
      real.history.map(asAnywhere),
    );
    expect(simulated.judgement).toEqual(real.judgement);
    expect(simulated.lives.map((life) => life.fired)).toEqual(real.lives.map((life) => life.fired));
    for (const [number, life] of simulated.lives.entries()) {
      expect(withSyncsInFlight(stepsBegun(life), real.lives[number]?.steps ?? {})).toEqual(
        real.lives[number]?.steps,
      );
    }
    fired += real.lives.filter((life) => life.fired && life.death !== undefined).length;
  }
  expect(fired).toBeGreaterThan(2);
});

test('the same case gives the same bytes again, whatever its lives end with', async () => {
  const ends = fc.oneof(
    killAtStepArbitrary(STEP_LABELS),
    fc
      .tuple(
        fc.constantFrom(...MODEL_NAMES),
        fc.constantFrom('before', 'after'),
        fc.constantFrom(...STEP_LABELS),
        fc.constantFrom('', ' lose wal/append#1', ' lose wal/append#2'),
      )
      .map(([model, moment, label, lost]) => `power ${model} ${moment} ${label} #1${lost}`),
  );
  const sample = fc.sample(caseArbitrary('by-hand', 'lsm', WORKLOAD, ends), { numRuns: 20, seed: 7 });
  let fired = 0;
  for (const crashCase of sample) {
    const [first, second] = [await playInMemory(crashCase), await playInMemory(crashCase)];
    expect(encodeHistory(second.history)).toBe(encodeHistory(first.history));
    expect(second).toEqual(first);
    fired += first.lives.filter((life) => life.death?.kind === 'power' && life.fired).length;
  }
  expect(fired).toBeGreaterThan(0);
});

test.each(MODEL_NAMES)(
  'a power loss that takes nothing leaves what a kill leaves, under %s',
  async (model) => {
    for (const moment of ['idle', 'before flush/sst.fsync #1', 'after manifest/rename #2']) {
      const play = (end: string) => playInMemory(testCase([{ operations: puts('abcdefghij'), end }]));
      const [killed, cut] = [await play(`kill ${moment}`), await play(`power ${model} ${moment}`)];
      const later = (history: readonly HistoryEvent[]) => history.filter(({ life }) => life === 1);
      expect(cut.lives[0]).toMatchObject({ fired: true, death: { kind: 'power', model } });
      expect(later(cut.history)).toEqual(later(killed.history));
      expect(cut.directories).toEqual(killed.directories);
      expect(cut.judgement).toEqual({ verdict: 'held', violations: [], doubts: [] });
    }
  },
);

test('a power loss takes what was not synced, and the judge does not mind', async () => {
  const { history, lives, judgement } = await playInMemory(
    testCase([{ operations: puts('ab'), end: 'power posix idle lose wal/append#1 wal/append#2' }]),
  );
  expect(lives[0]).toMatchObject({ fired: true, death: { kind: 'power', model: 'posix' } });
  expect(history.find(({ kind, life }) => kind === 'observe' && life === 1)).toMatchObject({ scan: [] });
  expect(history.find(({ kind }) => kind === 'crash')).toMatchObject({
    left: expect.arrayContaining(['wal/000001.wal', 'MANIFEST-000002']) as unknown,
  });
  expect(judgement).toEqual({ verdict: 'held', violations: [], doubts: [] });
});

test('what was lost of a life whose process was killed is named with the life', async () => {
  const { history, lives } = await playInMemory(
    testCase([
      { operations: puts('ab'), end: 'kill idle' },
      { operations: [], end: 'power posix before open/lock #1 lose 0:wal/append#2' },
    ]),
  );
  expect(lives.map(({ fired }) => fired).slice(0, 2)).toEqual([true, true]);
  expect(history.find(({ kind, life }) => kind === 'observe' && life === 2)).toMatchObject({
    scan: [['a', '0.0']],
  });
});

test('what only the page cache held may be gone when the power fails, also after a recovery that was killed', async () => {
  const { judgement, lives } = await playInMemory(
    testCase([
      { operations: puts('ab'), end: 'kill idle' },
      { operations: [], end: 'kill before open/lock #1' },
      { operations: [], end: 'power posix before open/lock #1 lose 0:wal/append#1 0:wal/append#2' },
    ]),
  );
  expect(lives.map(({ fired }) => fired)).toEqual([true, true, true, true]);
  expect(judgement).toEqual({ verdict: 'held', violations: [], doubts: [] });
});

test('a failed sync is in the history, and what was answered before and after it still counts', async () => {
  const operations = puts('abc').map(({ operation }) => ({
    operation: { ...operation, sync: true } as Operation,
  }));
  const { history, judgement } = await playInMemory(
    testCase([{ operations, faults: ['io-error EIO at wal/fsync #3'], end: 'power posix idle' }]),
  );
  const kinds = history.filter(({ life, kind }) => life === 0 && /^(ok|fail|info|fault)$/.test(kind));
  expect(kinds.map(({ kind }) => kind)).toEqual(['ok', 'fault', 'info', 'fail']);
  expect(judgement).toEqual({ verdict: 'held', violations: [], doubts: [] });
});

test('a recovery that failed by an injected error is followed by the next life, and must not have hurt', async () => {
  const { history, judgement } = await playInMemory(
    testCase([
      { operations: puts('ab'), end: 'kill idle' },
      { operations: [], faults: ['io-error EIO at recovery/wal.fsync #1'], end: 'kill idle' },
    ]),
  );
  expect(history.some(({ kind, life }) => kind === 'open-failed' && life === 1)).toBe(true);
  expect(history.find(({ kind, life }) => kind === 'observe' && life === 2)).toMatchObject({
    scan: [
      ['a', '0.0'],
      ['b', '0.1'],
    ],
  });
  expect(judgement).toEqual({ verdict: 'held', violations: [], doubts: [] });
});

/** A child also counts the step before or in which it died; in memory that was not done. */
function stepsBegun({ steps, events, fired }: LifeOutcome): Readonly<Record<string, number>> {
  const crash = events.find(({ kind }) => kind === 'crash');
  const planned = crash?.kind === 'crash' && fired ? crash.planned : '';
  const [, label] = /^kill (?:before|inside) (\S+)/.exec(planned) ?? [];
  return label === undefined ? steps : { ...steps, [label]: (steps[label] ?? 0) + 1 };
}

/** A sync that had begun and was not answered when another step killed the process counts in a child only. */
function withSyncsInFlight(
  done: Readonly<Record<string, number>>,
  begun: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const inFlight = Object.entries(begun).filter(
    ([label, count]) => label.endsWith('fsync') && count === (done[label] ?? 0) + 1,
  );
  return { ...done, ...Object.fromEntries(inFlight) };
}

/** A death without its cause; the lock, which in memory is no file, is left out of listings. */
function asAnywhere(event: HistoryEvent): unknown {
  if (event.kind === 'crash') return { ...event, death: event.death.kind };
  if (event.kind !== 'observe' && event.kind !== 'settled') return event;
  const onDisk = event.files.onDisk.filter((path) => path !== 'LOCK');
  return { ...event, files: { ...event.files, onDisk } };
}
