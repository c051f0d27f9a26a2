import { expect, test } from 'vitest';
import { HistoryBuilder, SCAN, get, put } from './checker-test-history.js';
import { judge } from './judge.js';

test('a get that misses an acknowledged write is stale', () => {
  const history = new HistoryBuilder()
    .life()
    .ok(put('a', '1'))
    .ok(put('a', '2'))
    .ok(get('a'), { value: '1' });
  expect(judge(history.events).violations).toMatchObject([
    { kind: 'stale-read', found: '1', legal: ['2'], operations: [{ index: 1 }, { index: 2 }] },
  ]);
});

test('a scan that misses a key is stale', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(SCAN, { pairs: [] });
  expect(judge(history.events).violations).toMatchObject([{ kind: 'stale-read', key: 'a', found: null }]);
});

test('a get that misses what was there at the start is stale', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).crash().life({ a: '1' });
  expect(judge(history.ok(get('a'), { value: null }).events).violations).toMatchObject([
    { kind: 'stale-read', life: 1, operations: [{ life: 0, index: 0 }, { life: 1, index: 0 }] }, // prettier-ignore
  ]);
});

test('a get that goes back behind what another get has seen is stale', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1'));
  history.ok(get('a'), { value: '1' }).ok(get('a'), { value: null }).answer(0);
  expect(judge(history.events).violations.map(({ kind }) => kind)).toEqual(['stale-read']);
});

test('a get that overlaps the write may see either value', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).invoke(put('a', '2')).invoke(get('a'));
  expect(judge(history.answer(1).answer(2, { value: '1' }).events).verdict).toBe('held');
});
