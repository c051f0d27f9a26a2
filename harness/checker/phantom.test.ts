import { expect, test } from 'vitest';
import { HistoryBuilder, get, put } from './checker-test-history.js';
import { judge } from './judge.js';

test('a value in a new database is a phantom', () => {
  const history = new HistoryBuilder().life({ a: '1' });
  expect(judge(history.events).violations).toMatchObject([
    { kind: 'phantom', life: 0, key: 'a', found: '1', legal: [null], operations: [] },
  ]);
});

test('a value that only a failed write wrote is a phantom', () => {
  const history = new HistoryBuilder().life().fail(put('a', '1')).crash().life({ a: '1' });
  const phantoms = judge(history.events).violations.filter(({ kind }) => kind === 'phantom');
  expect(phantoms).toMatchObject([{ operations: [{ life: 0, index: 0 }] }]);
});

test('a value that is read before it is written is a phantom', () => {
  const history = new HistoryBuilder().life().ok(get('a'), { value: '1' }).ok(put('a', '1'));
  expect(judge(history.events).violations).toMatchObject([
    { kind: 'phantom', operations: [{ life: 0, index: 1 }, { life: 0, index: 0 }] }, // prettier-ignore
  ]);
});

test('a value that is read while it is being written is not', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1')).ok(get('a'), { value: '1' }).answer(0);
  expect(judge(history.events).verdict).toBe('held');
});
