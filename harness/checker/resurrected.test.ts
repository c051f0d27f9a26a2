import { expect, test } from 'vitest';
import { HistoryBuilder, put, remove } from './checker-test-history.js';
import { judge } from './judge.js';

test('a deleted value that is back is resurrected', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(remove('a')).crash().life({ a: '1' });
  expect(judge(history.events).violations).toMatchObject([
    { kind: 'resurrected', found: '1', legal: [null], operations: [{ life: 0, index: 1 }] },
  ]);
});

test('a value of an earlier life that was deleted in this one is resurrected', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).crash();
  history.life({ a: '1' }).ok(remove('a')).crash().life({ a: '1' });
  expect(judge(history.events).violations).toMatchObject([
    { kind: 'resurrected', life: 2, operations: [{ life: 1, index: 0 }] },
  ]);
});

test('a value that was overwritten in an earlier life is resurrected, by whom and over what', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(put('a', '2')).crash();
  history.life({ a: '2' }).crash().life({ a: '1' });
  expect(judge(history.events).violations).toMatchObject([
    { kind: 'resurrected', life: 2, operations: [{ life: 0, index: 0 }, { life: 0, index: 1 }] }, // prettier-ignore
  ]);
});

test('a value whose delete was in flight may stay', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).invoke(remove('a')).crash().life({ a: '1' });
  expect(judge(history.events).verdict).toBe('held');
});
