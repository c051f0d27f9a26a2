import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { STEP_LABELS } from '../../engine/index.js';
import { killAtStepArbitrary } from '../faults/ending-arbitrary.js';
import { encodeHistory } from '../history/ndjson.js';
import { caseArbitrary } from '../workload/arbitraries.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import { runCase } from './run-case.js';
import { openPlace, puts, testCase, type TestPlace } from './run-test-place.js';

let place: TestPlace;
beforeAll(() => {
  place = openPlace();
});
afterAll(async () => await place.close());

// So small a workload comes to no other compaction than the first.
const LABELS = STEP_LABELS.filter((label) => !/^(deep|tiered)-/.test(label));
const WORKLOAD = { options: TINY_OPTIONS, keysMax: 8, operationsMax: 20, livesMax: 2 };
const SAMPLE = fc.sample(caseArbitrary('by-hand', 'lsm', WORKLOAD, killAtStepArbitrary(LABELS)), {
  numRuns: 30,
  seed: 20_240_117,
});

test('the same case gives the same history to the byte, whatever processes and directories it gets', async () => {
  let fired = 0;
  for (const crashCase of SAMPLE) {
    const [first, second] = await Promise.all([runCase(crashCase, place), runCase(crashCase, place)]);
    expect(encodeHistory(second.history)).toBe(encodeHistory(first.history));
    expect(second.lives.map(({ steps }) => steps)).toEqual(first.lives.map(({ steps }) => steps));
    expect(first.judgement).toEqual({ verdict: 'held', violations: [], doubts: [] });
    fired += first.lives.filter((life) => life.fired && life.death?.kind === 'killed').length;
  }
  // Otherwise nothing was shown: most planned kills must have come.
  expect(fired).toBeGreaterThan(10);
});

test('operations that overlap are all in flight at the crash, and the outcome of each is open', async () => {
  const operations = puts('abc').map((scheduled, index) => ({ ...scheduled, overlap: index > 0 }));
  const always = { ...TINY_OPTIONS, durability: 'always' };
  const { history, judgement } = await runCase(
    testCase([{ operations, end: 'kill before wal/fsync #2' }], always),
    place,
  );
  const kinds = history.filter((event) => event.life === 0 && 'index' in event).map(({ kind }) => kind);
  expect(kinds).toEqual(['invoke', 'invoke', 'invoke', 'info', 'info', 'info']);
  expect(judgement.verdict).toBe('held');
});

test('without overlap an operation waits for the one before', async () => {
  const always = { ...TINY_OPTIONS, durability: 'always' };
  const { history } = await runCase(
    testCase([{ operations: puts('ab'), end: 'kill before wal/fsync #2' }], always),
    place,
  );
  expect(history.filter((event) => event.life === 0 && 'index' in event)).toMatchObject([
    { kind: 'invoke', index: 0 },
    { kind: 'info', index: 0 },
  ]);
});

test('turns decide how background work interleaves with requests, and change no answer', async () => {
  const plain = testCase([{ operations: puts('abcdefghij'), end: 'kill idle' }]);
  const turned = testCase([
    { operations: puts('abcdefghij').map((one) => ({ ...one, turns: [0, 1, 0] })), end: 'kill idle' },
  ]);
  const [without, withTurns] = [await runCase(plain, place), await runCase(turned, place)];
  const order = (events: typeof without.history) =>
    events.filter(({ life }) => life === 0).map((event) => event.kind);
  expect(order(withTurns.history)).not.toEqual(order(without.history));
  const observations = [without, withTurns].map(({ history }) =>
    history.flatMap((event) => (event.kind === 'observe' && event.life === 1 ? [event.scan] : [])),
  );
  expect(observations[0]?.[0]).toHaveLength(10);
  expect(observations[1]).toEqual(observations[0]);
});

test('every case ends with a look at what is left, and a write, a flush and a read', async () => {
  const { history, lives, judgement } = await runCase(
    testCase([{ operations: puts('a'), end: 'kill idle' }]),
    place,
  );
  expect(judgement.verdict).toBe('held');
  expect(lives).toHaveLength(2);
  expect(history).toContainEqual(expect.objectContaining({ kind: 'observe', life: 1, scan: [['a', '0.0']] }));
  expect(history).toContainEqual({ kind: 'ok', life: 1, index: 2, result: { value: 'yes' } });
  expect(history.at(-1)).toEqual({ kind: 'close', life: 1 });
});

test('the files that each life left are noted where they are asked for', async () => {
  const crashCase = testCase([{ operations: puts('a'), end: 'kill idle' }]);
  const kept = await runCase(crashCase, { ...place, keepDirectories: true });
  expect(kept.directories.map(({ life, moment }) => [life, moment])).toEqual([
    [0, 'after-recovery'],
    [0, 'at-crash'],
    [1, 'after-recovery'],
    [1, 'at-crash'],
  ]);
  for (const { files } of kept.directories)
    expect(files.map(({ path }) => path)).toContainEqual(expect.stringMatching(/^MANIFEST-\d+$/));
});

test('a kill from outside makes the verdict unknown', async () => {
  const child = place.pool.take();
  place.pool.giveBack(child);
  const playing = runCase(testCase([{ operations: puts('ab'), end: 'kill idle' }]), place);
  process.kill(child.pid ?? 0, 'SIGKILL');
  const { judgement, lives } = await playing;
  expect(lives[0]?.death).toEqual({ kind: 'signal', signal: 'SIGKILL', foreign: true });
  expect(judgement).toMatchObject({ verdict: 'unknown', violations: [], doubts: [expect.any(String)] });
});

test('a life beyond its limit makes the verdict unknown and ends the case', async () => {
  const slow = testCase([
    { operations: puts('abcdefghij'.repeat(400)), end: 'kill idle' },
    { operations: [], end: 'close' },
  ]);
  const { judgement, lives } = await runCase(slow, { ...place, lifeLimitMs: 1 });
  expect(judgement).toEqual({
    verdict: 'unknown',
    violations: [],
    doubts: ['Life 0 did not end within its time limit.'],
  });
  expect(lives.map(({ timedOut }) => timedOut)).toEqual([true]);
});

test('a timed kill is done by the parent, and a life that was over before is killed when its time comes', async () => {
  const { lives, judgement } = await runCase(
    testCase([
      { operations: puts('a'), end: 'kill at 150ms' },
      { operations: puts('abcdefghij'.repeat(2_000), 1), end: 'kill at 1ms' },
    ]),
    place,
  );
  expect(judgement.verdict).toBe('held');
  expect(lives.slice(0, 2).map(({ death }) => death)).toEqual([
    { kind: 'killed', by: 'parent' },
    { kind: 'killed', by: 'parent' },
  ]);
});

test('options that the engine refuses are an engine that does not open', async () => {
  const { judgement } = await runCase(testCase([{ operations: [], end: 'close' }], { nonsense: 1 }), place);
  expect(judgement).toMatchObject({ verdict: 'violated', violations: [{ kind: 'does-not-open', life: 0 }] });
});
