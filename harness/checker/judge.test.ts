import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HistoryEvent } from '../history/event.js';
import { type Random, stream } from '../random.js';
import { HistoryBuilder, SCAN, batch, get, put, remove } from './checker-test-history.js';
import { simulatedHistory } from './checker-test-simulation.js';
import { judge } from './judge.js';
import type { ViolationKind } from './verdict.js';

const anySeed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test.each([
  { lives: 4, operations: 8, keys: 2, inFlightMax: 4 },
  { lives: 3, operations: 40, keys: 4, inFlightMax: 8 },
  { lives: 2, operations: 60, keys: 1, inFlightMax: 16 },
])('holds every legal history of this size: %o', (size) => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      expect(judge(simulatedHistory(seed, size))).toEqual({ verdict: 'held', violations: [], doubts: [] });
    }),
    { numRuns: 400 },
  );
});

/** What goes wrong after a legal beginning of three lives; `state` is what their end left behind. */
const PLANTS: readonly [ViolationKind, (after: HistoryBuilder, state: Record<string, string>) => unknown][] =
  [
    ['lost', (after, state) => after.ok(put('a', 'new')).crash().life(state)],
    [
      'lost',
      (after, state) =>
        after
          .ok(put('a', 'old'))
          .ok(put('a', 'new'))
          .crash()
          .life({ ...state, a: 'old' }),
    ],
    [
      'resurrected',
      (after, state) =>
        after
          .ok(put('a', 'new'))
          .ok(remove('a'))
          .crash()
          .life({ ...state, a: 'new' }),
    ],
    ['phantom', (after, state) => after.crash().life({ ...state, a: 'never' })],
    [
      'phantom',
      (after, state) =>
        after
          .fail(put('a', 'failed'))
          .crash()
          .life({ ...state, a: 'failed' }),
    ],
    [
      'torn-batch',
      (after, state) =>
        after
          .invoke(batch({ a: '1', b: '2' }))
          .crash()
          .life({ ...state, a: '1' }),
    ],
    [
      'flip-flop',
      (after, state) =>
        after
          .invoke(put('a', '1'))
          .crash()
          .life(state)
          .crash()
          .life({ ...state, a: '1' }),
    ],
    [
      'flip-flop',
      (after, state) =>
        after
          .invoke(put('a', '1'))
          .crash()
          .life({ ...state, a: '1' })
          .crash()
          .life(state),
    ],
    ['stale-read', (after, state) => after.ok(put('a', '1')).ok(get('a'), { value: state['a'] ?? null })],
    ['not-linearizable', (after, state) => crossedScans(after, state)],
  ];

test.each(PLANTS)('finds %s after any legal beginning', (kind, plant) => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const { events, life, state } = beginning(seed);
      const after = new HistoryBuilder();
      for (let number = 0; number <= life; number++) after.begin();
      plant(after, state);
      const judged = judge([...events, ...after.events]);
      expect(judged.verdict).toBe('violated');
      expect(judged.violations.map((violation) => violation.kind)).toContain(kind);
    }),
    { numRuns: 100 },
  );
});

test('named checks never accuse where a legal order exists', () => {
  const count = { held: 0, violated: 0, unknown: 0 };
  fc.assert(
    fc.property(anySeed, (seed) => {
      const history = simulatedHistory(seed, { lives: 3, operations: 7, keys: 2, inFlightMax: 4 });
      const { verdict, doubts } = judge(damaged(history, stream(seed, 'damage')));
      expect(doubts).toEqual([]);
      count[verdict]++;
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(count.held, count.violated)).toBeGreaterThan(200);
});

test('judges twenty thousand operations one after the other', () => {
  const history = new HistoryBuilder().life();
  for (let index = 0; index < 10_000; index++)
    history.ok(put('a', `${index}`)).ok(get('a'), { value: `${index}` });
  expect(judge(history.crash().life({ a: '9999' }).events).verdict).toBe('held');
  expect(judge(history.crash().life().events).violations).toMatchObject([{ kind: 'lost', life: 2 }]);
});

test('a malformed history is unknown, not held', () => {
  const history = new HistoryBuilder().life().answer(3);
  expect(judge(history.events)).toMatchObject({ verdict: 'unknown', violations: [] });
});

test('a history out of the order of its lives is unknown', () => {
  const { events } = new HistoryBuilder().life().crash().life();
  expect(judge([...events, ...events]).doubts[0]).toMatch(/HistoryError.*life 1 had already begun/);
});

test('an empty history is unknown', () => {
  expect(judge([]).verdict).toBe('unknown');
});

test('a value that two puts write makes the history unknown', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(put('a', '1'));
  expect(judge(history.events).verdict).toBe('unknown');
});

test('a life that is killed before its observation changes nothing', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).crash().begin().crash().life({ a: '1' });
  expect(judge(history.events).verdict).toBe('held');
});

test('a violation is worse than a doubt', () => {
  const foreign = { kind: 'signal', signal: 'SIGSEGV', foreign: true } as const;
  const history = new HistoryBuilder().life().ok(put('a', '1')).crash(foreign).life();
  expect(judge(history.events)).toMatchObject({ verdict: 'violated', doubts: [] });
});

test('a broken base is reported once and does not accuse the life that begins with it', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).crash();
  history.life({ a: '1' }, { gets: [['a', null]] }).ok(get('a'), { value: null });
  expect(judge(history.events).violations.map(({ kind }) => kind)).toEqual(['read-paths-disagree']);
});

/** Three legal lives whose values and keys cannot be those of the plant, and what the fourth one finds. */
function beginning(seed: number): {
  readonly events: readonly HistoryEvent[];
  readonly life: number;
  readonly state: Record<string, string>;
} {
  const events = simulatedHistory(seed, { lives: 3, operations: 8, keys: 3, inFlightMax: 3 });
  const last = events.at(-1);
  if (last?.kind !== 'observe') throw new Error('A simulated history ends with an observation.');
  return { events, life: last.life, state: Object.fromEntries(last.scan) };
}

/** Two writes and two scans in flight together; each scan misses the write that the other sees. */
function crossedScans(after: HistoryBuilder, state: Readonly<Record<string, string>>): void {
  const rest = Object.entries(state);
  after.invoke(put('a', '1')).invoke(put('b', '1')).invoke(SCAN).invoke(SCAN);
  after.answer(2, { pairs: [['a', '1'], ...rest] }).answer(3, { pairs: [['b', '1'], ...rest] });
}

/** One get, or one key of one observation, shows something else that the case has at some time written, or nothing. */
function damaged(history: readonly HistoryEvent[], random: Random): HistoryEvent[] {
  const values = history.flatMap((event): (string | null)[] =>
    event.kind === 'invoke' && event.operation.kind === 'put' ? [event.operation.value] : [null],
  );
  const value = random.pick(values);
  const victims = history.filter(
    (event) => event.kind === 'observe' || (event.kind === 'ok' && 'value' in event.result),
  );
  const victim = random.pick(victims);
  return history.map((event) => {
    if (event !== victim) return event;
    if (event.kind === 'ok') return { ...event, result: { value } };
    if (event.kind !== 'observe') return event;
    const key = random.pick(['k0', 'k1']);
    const gets = event.gets.map((pair) => (pair[0] === key ? ([key, value] as const) : pair));
    const scan = gets.flatMap(([name, read]) => (read === null ? [] : [[name, read] as const]));
    return { ...event, gets, scan };
  });
}
