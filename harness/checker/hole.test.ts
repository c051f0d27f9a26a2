import { expect, test } from 'vitest';
import { HistoryBuilder, SCAN, put, remove, synced } from './checker-test-history.js';
import { judge } from './judge.js';

test('a hole names the write that is missing and the later one that is there', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(put('b', '1')).powerLoss();
  expect(judge(history.life({ b: '1' }).events).violations).toMatchObject([
    {
      kind: 'hole',
      life: 1,
      key: 'a',
      legal: ['1'],
      found: null,
      message:
        'put "a" = "1" (operation 0 of life 0) had taken effect before put "b" = "1" (operation 1 of life 0) was invoked; the later one survived the power loss but the earlier one did not: the observation at the start of life 1 found nothing for "a".',
      operations: [
        { life: 0, index: 0 },
        { life: 0, index: 1 },
      ],
    },
  ]);
});

test('any prefix of the writes may be left', () => {
  const history = () => new HistoryBuilder().life({ a: '0' }).ok(put('b', '1')).ok(remove('a')).powerLoss();
  const before = new HistoryBuilder().life().ok(put('a', '0')).crash();
  for (const left of [{ a: '0' }, { a: '0', b: '1' }, { b: '1' }]) {
    const after = history()
      .life(left)
      .events.map((event) => ({ ...event, life: event.life + 1 }));
    expect(judge([...before.events, ...after])).toMatchObject({ verdict: 'held' });
  }
});

test('a delete that must have happened proves that what came before it is missing', () => {
  const history = new HistoryBuilder()
    .life()
    .ok(synced(put('a', '1')))
    .ok(put('c', '1'))
    .ok(remove('a'));
  const holes = judge(history.powerLoss().life().events).violations;
  expect(holes).toMatchObject([{ kind: 'hole', key: 'c', operations: [{ index: 1 }, { index: 2 }] }]);
});

test('a hole that no pair of operations shows is still a hole', () => {
  // Both writes were in flight together; only the scan shows which of them came first.
  const history = new HistoryBuilder().life().invoke(put('a', '1')).invoke(put('b', '1'));
  history
    .ok(SCAN, { pairs: [['a', '1']] })
    .answer(0)
    .answer(1)
    .powerLoss()
    .life({ b: '1' });
  const { violations } = judge(history.events);
  expect(violations).toMatchObject([
    {
      kind: 'hole',
      life: 1,
      message: expect.stringContaining('the state after no prefix of any order') as string,
    },
  ]);
});

test('an answer that is wrong before the power fails is no hole', () => {
  const history = new HistoryBuilder()
    .life()
    .invoke(put('a', '1'))
    .invoke(put('b', '1'))
    .invoke(SCAN)
    .invoke(SCAN);
  history
    .answer(2, { pairs: [['a', '1']] })
    .answer(3, { pairs: [['b', '1']] })
    .powerLoss()
    .life();
  expect(judge(history.events).violations.map(({ kind }) => kind)).toEqual(['not-linearizable']);
});
