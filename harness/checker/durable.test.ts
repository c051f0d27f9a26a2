import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HistoryEvent } from '../history/event.js';
import { type Random, stream } from '../random.js';
import { HistoryBuilder, SYNC, batch, get, put, remove, synced } from './checker-test-history.js';
import { simulatedHistory } from './checker-test-simulation.js';
import { legalValues } from './expected-values.js';
import { judge } from './judge.js';
import type { PowerPromise } from './promise.js';

const ACKED: PowerPromise = { power: 'acked' };
const PREFIX: PowerPromise = { power: 'synced-prefix' };
const anySeed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

function kinds(history: HistoryBuilder, promise = PREFIX): string[] {
  return judge(history.events, promise).violations.map(({ kind }) => kind);
}

test.each([ACKED, PREFIX])('holds every history of a store that loses what it may: %o', (promise) => {
  for (const size of [
    { lives: 4, operations: 8, keys: 2, inFlightMax: 4 },
    { lives: 3, operations: 40, keys: 4, inFlightMax: 8 },
  ]) {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const judged = judge(simulatedHistory(seed, { ...size, promise }), promise);
        expect(judged).toEqual({ verdict: 'held', violations: [], doubts: [] });
      }),
      { numRuns: 200 },
    );
  }
});

test.each([ACKED, PREFIX])('no named check accuses where a legal cut exists: %o', (promise) => {
  const count = { held: 0, violated: 0, unknown: 0 };
  fc.assert(
    fc.property(anySeed, (seed) => {
      const size = { lives: 3, operations: 7, keys: 2, inFlightMax: 4, promise };
      const history = damaged(simulatedHistory(seed, size), stream(seed, 'damage'));
      const { verdict, doubts } = judge(history, promise);
      expect(doubts).toEqual([]);
      count[verdict]++;
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(count.held, count.violated)).toBeGreaterThan(50);
});

test('an answered write may be lost with the power unless it was promised otherwise', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).powerLoss().life();
  expect(kinds(history)).toEqual([]);
  expect(judge(history.events).verdict).toBe('held');
  expect(kinds(history, ACKED)).toEqual(['lost']);
});

test('a kill takes no answered write, simulated or not', () => {
  const killed = (by: 'itself' | 'simulator') =>
    new HistoryBuilder().life().ok(put('a', '1')).crash({ kind: 'killed', by }).life();
  expect(kinds(killed('itself'))).toEqual(['lost']);
  expect(kinds(killed('simulator'))).toEqual(['lost']);
});

test('the level of a write overrides the promise in both directions', () => {
  const history = (sync: boolean) =>
    new HistoryBuilder()
      .life()
      .ok(synced(put('a', '1'), sync))
      .powerLoss()
      .life();
  expect(kinds(history(true), PREFIX)).toEqual(['lost']);
  expect(kinds(history(false), ACKED)).toEqual([]);
});

test.each(['sync', 'flush', 'compact'] as const)('an answered %s makes durable what came before', (kind) => {
  const before = new HistoryBuilder().life().ok(put('a', '1')).ok({ kind }).powerLoss().life();
  expect(judge(before.events).violations).toMatchObject([
    {
      kind: 'lost',
      key: 'a',
      legal: ['1'],
      message: expect.stringContaining(`and then made durable by ${kind} (operation 1`) as string,
      operations: [
        { life: 0, index: 0 },
        { life: 0, index: 1 },
      ],
    },
  ]);
  const after = new HistoryBuilder().life().ok({ kind }).ok(put('a', '1')).powerLoss().life();
  expect(kinds(after)).toEqual([]);
});

test('a sync that was not answered, or that failed, promises nothing', () => {
  expect(kinds(new HistoryBuilder().life().ok(put('a', '1')).invoke(SYNC).powerLoss().life())).toEqual([]);
  const failed = new HistoryBuilder().life().ok(put('a', '1')).fault().fail(SYNC).powerLoss().life();
  expect(kinds(failed)).toEqual([]);
});

test('a write that was in flight with the sync may be before it or after it', () => {
  const history = (left: Record<string, string>) =>
    new HistoryBuilder().life().invoke(put('a', '1')).ok(SYNC).answer(0).powerLoss().life(left);
  expect(kinds(history({}))).toEqual([]);
  expect(kinds(history({ a: '1' }))).toEqual([]);
});

test('a write that was read before the sync was asked for is durable, answered or not', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1')).ok(get('a'), { value: '1' }).ok(SYNC);
  expect(kinds(history.powerLoss().life())).toEqual(['flip-flop']);
  const later = new HistoryBuilder().life().invoke(put('a', '1')).ok(SYNC).ok(get('a'), { value: '1' });
  expect(kinds(later.powerLoss().life())).toEqual([]);
});

test('a durable write in flight that was read must survive, and all before it; one that need not be durable may go', () => {
  const history = (sync: boolean) =>
    new HistoryBuilder()
      .life()
      .ok(put('b', '1'))
      .invoke(synced(batch({ a: '1', c: '1' }), sync))
      .ok(get('a'), { value: '1' })
      .powerLoss();
  expect(kinds(history(true).life({ b: '1' }))).toEqual(['flip-flop', 'flip-flop']);
  expect(kinds(history(true).life({ a: '1', c: '1' }))).toEqual(['lost']);
  expect(kinds(history(true).life({ a: '1', b: '1', c: '1' }))).toEqual([]);
  expect(kinds(history(false).life({ b: '1' }))).toEqual([]);
});

test('a durable write in flight that only a lost answer would show may go', () => {
  const history = new HistoryBuilder()
    .life()
    .invoke(synced(put('a', '1')))
    .invoke(get('a'));
  expect(kinds(history.powerLoss().life())).toEqual([]);
});

test('a stale read counts whether or not what it missed is lost afterwards', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(get('a'), { value: null });
  expect(kinds(history.powerLoss().life())).toEqual(['stale-read']);
});

test('a batch is left whole or not at all', () => {
  const history = (left: Record<string, string>) =>
    new HistoryBuilder()
      .life()
      .ok(put('b', '0'))
      .ok(batch({ a: '1', b: '2' }))
      .powerLoss()
      .life(left);
  expect(kinds(history({ a: '1', b: '2' }))).toEqual([]);
  expect(kinds(history({ b: '0' }))).toEqual([]);
  expect(kinds(history({ a: '1', b: '0' }))).toEqual(['torn-batch']);
});

test('what was overwritten by a durable write does not come back', () => {
  const history = (last: 'sync' | 'get') =>
    new HistoryBuilder()
      .life()
      .ok(put('a', '1'))
      .ok(remove('a'))
      .ok(last === 'sync' ? SYNC : get('a'), last === 'sync' ? {} : { value: null })
      .powerLoss()
      .life({ a: '1' });
  expect(kinds(history('sync'))).toEqual(['resurrected']);
  expect(kinds(history('get'))).toEqual([]);
});

test('what was observed after a recovery is durable, and what was seen to be lost stays lost', () => {
  const seen = new HistoryBuilder().life().ok(put('a', '1')).powerLoss().life({ a: '1' }).powerLoss();
  expect(kinds(seen.life({ a: '1' }))).toEqual([]);
  const lost = new HistoryBuilder().life().ok(put('a', '1')).powerLoss().life({ a: '1' }).powerLoss();
  expect(kinds(lost.life())).toEqual(['lost']);
  const back = new HistoryBuilder().life().ok(put('a', '1')).powerLoss().life().powerLoss().life({ a: '1' });
  expect(kinds(back)).toEqual(['flip-flop']);
});

test('the power may fail while what a kill left is being recovered', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(put('b', '1')).crash().begin().powerLoss();
  expect(kinds(history.life({ a: '1' }))).toEqual([]);
  const twice = new HistoryBuilder().life().ok(put('a', '1')).powerLoss().begin().crash().life();
  expect(kinds(twice)).toEqual([]);
});

test('a phantom is a phantom after a power loss too', () => {
  expect(kinds(new HistoryBuilder().life().ok(put('a', '1')).powerLoss().life({ a: '2' }))).toEqual([
    'phantom',
  ]);
});

test('the values that may be found are those at some cut', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(SYNC).ok(put('a', '2')).powerLoss().life();
  expect(legalValues(history.events, 1, 'a')).toEqual(['1', '2']);
  expect(legalValues(history.events, 1, 'a', ACKED)).toEqual(['2']);
});

test('a power loss is no foreign death and no exit', () => {
  expect(judge(new HistoryBuilder().life().powerLoss().life().events)).toMatchObject({
    verdict: 'held',
    doubts: [],
  });
});

/** One get, or one key of one observation, shows something else that the case has at some time written, or nothing. */
function damaged(history: readonly HistoryEvent[], random: Random): HistoryEvent[] {
  const values = history.flatMap((event): (string | null)[] =>
    event.kind === 'invoke' && event.operation.kind === 'put' ? [event.operation.value] : [null],
  );
  const value = random.pick(values);
  const victim = random.pick(history.filter((event) => event.kind === 'observe'));
  const key = random.pick(['k0', 'k1']);
  return history.map((event) => {
    if (event !== victim || event.kind !== 'observe') return event;
    const gets = event.gets.map((pair) => (pair[0] === key ? ([key, value] as const) : pair));
    const scan = gets.flatMap(([name, read]) => (read === null ? [] : [[name, read] as const]));
    return { ...event, gets, scan };
  });
}
