import { expect, test } from 'vitest';
import { HistoryBuilder, get, put } from './checker-test-history.js';
import { judge } from './judge.js';

function inFlight(): HistoryBuilder {
  return new HistoryBuilder().life().invoke(put('a', '1')).crash();
}

test('a write in flight that was absent and is there later flips', () => {
  const { events } = inFlight().life().crash().life({ a: '1' });
  expect(judge(events).violations).toMatchObject([
    { kind: 'flip-flop', life: 2, found: '1', legal: [null], operations: [{ life: 0, index: 0 }] },
  ]);
});

test('a write in flight that was there and is absent later flips', () => {
  const { events } = inFlight().life({ a: '1' }).crash().life();
  expect(judge(events).violations).toMatchObject([
    { kind: 'flip-flop', life: 2, found: null, legal: ['1'], operations: [{ life: 0, index: 0 }] },
  ]);
});

test('a write in flight that somebody read and that is absent after the kill flips', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1')).ok(get('a'), { value: '1' }).crash();
  expect(judge(history.life().events).violations).toMatchObject([{ kind: 'flip-flop', life: 1 }]);
});

test('a write in flight that stays as it was first seen is sound', () => {
  expect(judge(inFlight().life().crash().life().events).verdict).toBe('held');
  expect(judge(inFlight().life({ a: '1' }).crash().life({ a: '1' }).events).verdict).toBe('held');
});

test('a write in flight that was there and is overwritten later is sound', () => {
  const { events } = inFlight().life({ a: '1' }).ok(put('a', '2')).crash().life({ a: '2' });
  expect(judge(events).verdict).toBe('held');
});
