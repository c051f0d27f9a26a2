import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  batch,
  get,
  HistoryBuilder,
  put,
  remove,
  SCAN,
  SYNC,
  synced,
} from '../checker/checker-test-history.js';
import { judge } from '../checker/judge.js';
import { type PowerPromise, promiseOf } from '../checker/promise.js';
import { EMPTY_DISK } from '../disk/disk.js';
import { poweredOn } from '../disk/machine.js';
import type { HistoryEvent } from '../history/event.js';
import { caseArbitrary } from '../workload/arbitraries.js';
import { keysOf } from '../workload/case-facts.js';
import { TINY_OPTIONS } from '../workload/workload.js';
import { eventsUntil } from './cut-life.js';
import { Demands } from './demands.js';
import { contentText } from './inspect.js';
import { type RecordedLife, recordLife } from './record-life.js';

const KEYS = ['a', 'b', 'c'];
const ACKED: PowerPromise = { power: 'acked' };
const PREFIX: PowerPromise = { power: 'synced-prefix' };

test('before anything is asked for only the content of the start is legal', () => {
  const demands = demandsOf(new HistoryBuilder().life(), PREFIX, { a: 'old' });
  expect(demands.at(0)).toEqual({ first: 0, killFirst: 0, last: 0 });
  expect(demands.placesOf(contentText(['old', null, null]))).toEqual([0]);
  expect(demands.placesOf(contentText([null, null, null]))).toEqual([]);
});

test('a write may be there from when it is asked for, and must outlive a kill when it is answered', () => {
  const demands = demandsOf(new HistoryBuilder().life().invoke(put('a', '1')).answer(0), PREFIX);
  expect(momentsOf(demands, 4)).toEqual([
    { first: 0, killFirst: 0, last: 0 },
    { first: 0, killFirst: 0, last: 0 },
    { first: 0, killFirst: 0, last: 1 },
    { first: 0, killFirst: 1, last: 1 },
  ]);
});

test('where every answered write is promised, an answer is also durable; unless the write says that it need not be', () => {
  const plain = demandsOf(new HistoryBuilder().life().ok(put('a', '1')), ACKED);
  expect(plain.at(3)).toEqual({ first: 1, killFirst: 1, last: 1 });
  const loose = demandsOf(new HistoryBuilder().life().ok(synced(put('a', '1'), false)), ACKED);
  expect(loose.at(3)).toEqual({ first: 0, killFirst: 1, last: 1 });
});

test('where a prefix is promised, a write that asks for a sync makes itself and all before it durable', () => {
  const demands = demandsOf(
    new HistoryBuilder()
      .life()
      .ok(put('a', '1'))
      .ok(synced(remove('a')))
      .ok(put('b', '2')),
    PREFIX,
  );
  expect(demands.at(7)).toEqual({ first: 2, killFirst: 3, last: 3 });
});

test.each([SYNC, { kind: 'flush' }, { kind: 'compact' }] as const)(
  'what was answered before a $kind was asked for is durable when that is answered, under both promises',
  (operation) => {
    const loose = (key: string, value: string) => synced(put(key, value), false);
    for (const promise of [ACKED, PREFIX]) {
      const history = new HistoryBuilder()
        .life()
        .ok(loose('a', '1'))
        .invoke(loose('b', '2'))
        .invoke(operation);
      const demands = demandsOf(history.answer(1).answer(2), promise);
      expect(demands.at(6).first).toBe(0);
      expect(demands.at(7)).toEqual({ first: 1, killFirst: 2, last: 2 });
    }
  },
);

test('a sync that was not answered makes nothing durable', () => {
  const demands = demandsOf(new HistoryBuilder().life().ok(put('a', '1')).fail(SYNC), PREFIX);
  expect(demands.at(9)).toEqual({ first: 0, killFirst: 1, last: 1 });
});

test('a write that failed is in none of the contents', () => {
  const demands = demandsOf(new HistoryBuilder().life().fail(put('a', '1')).ok(put('b', '2')), PREFIX);
  expect(demands.placesOf(contentText([null, '2', null]))).toEqual([1]);
  expect(demands.placesOf(contentText(['1', '2', null]))).toEqual([]);
  expect(demands.at(9)).toEqual({ first: 0, killFirst: 1, last: 1 });
});

test('the same content is legal at each of its places', () => {
  const history = new HistoryBuilder()
    .life()
    .ok(put('a', '1'))
    .ok(remove('a'))
    .ok(batch({ b: '2', a: null }));
  expect(demandsOf(history, PREFIX).placesOf(contentText([null, null, null]))).toEqual([0, 2]);
});

test('a write in flight that was read has happened: it outlives a kill, and a sync that is asked for later covers it', () => {
  const read = new HistoryBuilder().life().invoke(put('a', '1')).ok(get('a'), { value: '1' });
  expect(demandsOf(read, PREFIX).at(9)).toEqual({ first: 0, killFirst: 1, last: 1 });
  const scanned = new HistoryBuilder()
    .life()
    .invoke(put('a', '1'))
    .ok(SCAN, { pairs: [['a', '1']] })
    .ok(SYNC);
  expect(demandsOf(scanned, PREFIX).at(9)).toEqual({ first: 1, killFirst: 1, last: 1 });
});

test('what Demands calls legal the exact judge never calls violated', async () => {
  const workload = { options: TINY_OPTIONS, keysMax: 4, operationsMin: 4, operationsMax: 14, livesMax: 1 };
  const cases = fc.sample(caseArbitrary('by-hand', 'lsm', workload, fc.constant('kill idle')), {
    numRuns: 40,
    seed: 11,
  });
  let legal = 0;
  let accused = 0;
  for (const crashCase of cases) {
    const keys = keysOf(crashCase);
    const [life] = crashCase.lives;
    if (life === undefined) continue;
    const recorded = await recordLife(poweredOn(EMPTY_DISK), crashCase, 0, life, keys);
    const promise = promiseOf(crashCase.options);
    const demands = new Demands(recorded, new Map(), keys, promise);
    for (let steps = 0; steps <= recorded.steps.length; steps += 7) {
      const { first, killFirst, last } = demands.at(steps);
      for (const content of contentsOf(recorded, keys)) {
        const places = demands.placesOf(contentText(keys.map((key) => content[key] ?? null)));
        for (const [death, from] of [
          ['power', first],
          ['kill', killFirst],
        ] as const) {
          const quick = places.some((place) => place >= from && place <= last);
          const { verdict } = judge(ending(recorded, steps, death, content, keys), promise);
          if (quick)
            expect(verdict, `${death} after ${steps} steps: ${JSON.stringify(content)}`).toBe('held');
          legal += quick ? 1 : 0;
          accused += verdict === 'violated' ? 1 : 0;
        }
      }
    }
  }
  expect(legal).toBeGreaterThan(500);
  expect(accused).toBeGreaterThan(500);
});

type Content = Readonly<Record<string, string>>;

function demandsOf({ events }: HistoryBuilder, promise: PowerPromise, base: Content = {}): Demands {
  const recorded: RecordedLife = {
    events,
    positions: events.map((_, index) => index),
    steps: [],
    names: [],
    recovered: undefined,
    locations: [],
    fatal: false,
  };
  return new Demands(recorded, new Map(Object.entries(base)), KEYS, promise);
}

function momentsOf(demands: Demands, count: number): readonly ReturnType<Demands['at']>[] {
  return Array.from({ length: count }, (_, steps) => demands.at(steps));
}

/** What the database holds after each write in the order in which they were asked for. */
function contentsOf({ events }: RecordedLife, keys: readonly string[]): readonly Content[] {
  const contents: Content[] = [{}];
  const failed = new Set(events.flatMap((event) => (event.kind === 'fail' ? [event.index] : [])));
  for (const event of events) {
    if (event.kind !== 'invoke' || failed.has(event.index)) continue;
    const { operation } = event;
    const writes = operation.kind === 'batch' ? operation.writes : [operation];
    const next = { ...contents.at(-1) } as Record<string, string>;
    for (const write of writes) {
      if (write.kind === 'put') next[write.key] = write.value;
      else if (write.kind === 'delete') Reflect.deleteProperty(next, write.key);
    }
    contents.push(next);
  }
  const seen = new Set<string>();
  return contents.filter((content) => {
    const text = contentText(keys.map((key) => content[key] ?? null));
    return !seen.has(text) && seen.add(text);
  });
}

/** The life cut after some steps by a death, and a next one that finds this. */
function ending(
  recorded: RecordedLife,
  steps: number,
  death: 'power' | 'kill',
  content: Content,
  keys: readonly string[],
): readonly HistoryEvent[] {
  const kept = eventsUntil(recorded, steps, true);
  const answered = new Set(
    kept.flatMap((event) => (event.kind === 'ok' || event.kind === 'fail' ? [event.index] : [])),
  );
  const open = kept.flatMap((event) =>
    event.kind === 'invoke' && !answered.has(event.index)
      ? [{ kind: 'info' as const, life: 0, index: event.index }]
      : [],
  );
  const files = { onDisk: [], live: [], pending: [], obsolete: [] };
  return [
    ...kept,
    ...open,
    {
      kind: 'crash',
      life: 0,
      death: death === 'power' ? { kind: 'power', model: 'posix' } : { kind: 'killed', by: 'simulator' },
      planned: 'power idle',
      fired: true,
      ...(death === 'power' ? { left: [] } : {}),
    },
    { kind: 'open', life: 1 },
    {
      kind: 'observe',
      life: 1,
      gets: keys.map((key) => [key, content[key] ?? null] as const),
      scan: Object.entries(content).sort(([left], [right]) => (left < right ? -1 : 1)),
      errors: [],
      files,
    },
  ];
}
