import { expect, test } from 'vitest';
import type { Operation } from '../workload/operation.js';
import { HistoryBuilder, batch, get, put, remove } from './checker-test-history.js';
import { judge } from './judge.js';

const TAKE: Operation = { kind: 'snapshot', snapshot: 0 };
const RELEASE: Operation = { kind: 'release', snapshot: 0 };

function through(key: string): Operation {
  return { kind: 'get', key, snapshot: 0 };
}

function kindsOf(history: HistoryBuilder): string[] {
  const { violations, doubts } = judge(history.events);
  expect(doubts).toEqual([]);
  return violations.map(({ kind }) => kind);
}

test('a snapshot goes on to show what was there when it was taken', () => {
  const history = new HistoryBuilder()
    .life()
    .ok(put('a', '1'))
    .ok(TAKE)
    .ok(put('a', '2'))
    .ok(remove('b'))
    .ok({ kind: 'compact' })
    .ok(through('a'), { value: '1' })
    .ok({ kind: 'scan', snapshot: 0 }, { pairs: [['a', '1']] })
    .ok({ kind: 'get-many', keys: ['b', 'a'], snapshot: 0 }, { values: [null, '1'] })
    .ok(get('a'), { value: '2' });
  expect(kindsOf(history)).toEqual([]);
});

test('a snapshot that shows a later write is a violation', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(TAKE).ok(put('a', '2'));
  expect(kindsOf(history.ok(through('a'), { value: '2' }))).toEqual(['snapshot-changed']);
});

test('a snapshot that has lost what it saw is a violation', () => {
  const lost = new HistoryBuilder().life().ok(put('a', '1')).ok(TAKE).ok(put('a', '2'));
  expect(kindsOf(lost.ok(through('a'), { value: null }))).toEqual(['snapshot-changed']);
  const base = new HistoryBuilder().life().ok(put('a', '1')).crash().life({ a: '1' }).ok(TAKE);
  expect(kindsOf(base.ok(remove('a')).ok(through('a'), { value: null }))).toEqual(['snapshot-changed']);
});

test('a snapshot that shows what had been deleted before is a violation', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(remove('a')).ok(TAKE);
  expect(kindsOf(history.ok(through('a'), { value: '1' }))).toEqual(['snapshot-changed']);
});

test('of a write in flight a snapshot shows all or nothing, and stays with it', () => {
  const start = (): HistoryBuilder =>
    new HistoryBuilder()
      .life()
      .ok(put('a', '1'))
      .invoke(batch({ a: '2', b: '3' }))
      .ok(TAKE)
      .answer(1);
  expect(kindsOf(start().ok(through('a'), { value: '1' }).ok(through('b'), { value: null }))).toEqual([]);
  expect(kindsOf(start().ok(through('a'), { value: '2' }).ok(through('b'), { value: '3' }))).toEqual([]);
  expect(kindsOf(start().ok(through('a'), { value: '2' }).ok(through('b'), { value: null }))).toEqual([
    'not-linearizable',
  ]);
  expect(kindsOf(start().ok(through('a'), { value: '2' }).ok(through('a'), { value: '1' }))).toEqual([
    'snapshot-changed',
  ]);
});

test('a number means the last snapshot that was taken under it, and the present once that was released', () => {
  const again = new HistoryBuilder().life().ok(put('a', '1')).ok(TAKE).ok(put('a', '2')).ok(TAKE);
  expect(kindsOf(again.ok(through('a'), { value: '2' }))).toEqual([]);
  const released = new HistoryBuilder().life().ok(put('a', '1')).ok(TAKE).ok(put('a', '2')).ok(RELEASE);
  expect(kindsOf(released.ok(through('a'), { value: '1' }))).toEqual(['stale-read']);
});

test('no snapshot reaches into the next life', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(TAKE).ok(put('a', '2')).crash();
  expect(kindsOf(history.life({ a: '2' }).ok(through('a'), { value: '1' }))).toEqual(['resurrected']);
});

test('a synced write that a snapshot has shown before the power failed must be there', () => {
  const history = new HistoryBuilder()
    .life()
    .invoke({ kind: 'put', key: 'a', value: '1', sync: true })
    .ok(TAKE)
    .ok(through('a'), { value: '1' })
    .powerLoss()
    .life();
  expect(kindsOf(history)).toEqual(['flip-flop']);
});
