import { expect, test } from 'vitest';
import { HistoryBuilder, get, put, remove } from './checker-test-history.js';
import { legalValues } from './expected-values.js';

test('an acknowledged write leaves no choice', () => {
  const { events } = new HistoryBuilder().life().ok(put('a', '1')).ok(put('a', '2')).crash().life();
  expect(legalValues(events, 1, 'a')).toEqual(['2']);
});

test('a write in flight may or may not be there', () => {
  const { events } = new HistoryBuilder().life().ok(put('a', '1')).invoke(remove('a')).crash().life();
  expect(legalValues(events, 1, 'a')).toEqual(['1', null]);
});

test('a write in flight that was read must be there', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).invoke(put('a', '2'));
  history.ok(get('a'), { value: '2' }).crash().life();
  expect(legalValues(history.events, 1, 'a')).toEqual(['2']);
});

test('nothing is written to a new database', () => {
  expect(legalValues(new HistoryBuilder().life().events, 0, 'a')).toEqual([null]);
});
