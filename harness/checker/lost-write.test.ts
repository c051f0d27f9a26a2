import { expect, test } from 'vitest';
import { HistoryBuilder, get, put, remove } from './checker-test-history.js';
import { judge } from './judge.js';

test('an acknowledged write that is gone is lost, with the write as proof', () => {
  const history = new HistoryBuilder().life().ok(put('b', '0')).ok(put('a', '1')).crash().life({ b: '0' });
  expect(judge(history.events).violations).toMatchObject([
    { kind: 'lost', life: 1, key: 'a', legal: ['1'], found: null, operations: [{ life: 0, index: 1 }] },
  ]);
});

test('an older value instead of a newer one is a lost write', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(put('a', '2')).crash().life({ a: '1' });
  expect(judge(history.events).violations).toMatchObject([
    { kind: 'lost', found: '1', operations: [{ life: 0, index: 1 }] },
  ]);
});

test('a write of an earlier life that vanishes later is lost', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).crash().life({ a: '1' }).crash().life();
  expect(judge(history.events).violations).toMatchObject([
    { kind: 'lost', life: 2, operations: [{ life: 0, index: 0 }] },
  ]);
});

test('a write that overlapped the newest one may have come last', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1')).invoke(put('a', '2')).answer(0).answer(1);
  expect(judge(history.crash().life({ a: '1' }).events).verdict).toBe('held');
});

test('a write that overlapped the newest one and was read after it came last', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1')).invoke(put('a', '2')).answer(0).answer(1);
  history.ok(get('a'), { value: '2' }).crash().life({ a: '1' });
  expect(judge(history.events).verdict).toBe('violated');
});

test('a write that was deleted by an operation in flight is not lost', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).invoke(remove('a')).crash().life();
  expect(judge(history.events).verdict).toBe('held');
});
