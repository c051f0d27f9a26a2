import { expect, test } from 'vitest';
import { HistoryBuilder, SCAN, batch, put, remove } from './checker-test-history.js';
import { judge } from './judge.js';

test('a batch in flight of which half is there is torn', () => {
  const history = new HistoryBuilder()
    .life()
    .invoke(batch({ a: '1', b: '2' }))
    .crash()
    .life({ a: '1' });
  expect(judge(history.events).violations).toMatchObject([
    { kind: 'torn-batch', key: 'b', legal: ['2'], found: null, operations: [{ life: 0, index: 0 }] },
  ]);
});

test('a batch whose put is there but not its delete is torn', () => {
  const history = new HistoryBuilder()
    .life()
    .ok(put('b', '0'))
    .invoke(batch({ a: '1', b: null }))
    .crash();
  const { violations } = judge(history.life({ a: '1', b: '0' }).events);
  expect(violations.map(({ kind }) => kind)).toEqual(['torn-batch']);
});

test('a scan that sees half a batch shows it torn', () => {
  const history = new HistoryBuilder().life().invoke(batch({ a: '1', b: '2' }));
  history.ok(SCAN, { pairs: [['b', '2']] });
  expect(judge(history.events).violations).toMatchObject([
    { kind: 'torn-batch', key: 'a', operations: [{ index: 0 }, { index: 1 }] },
  ]);
});

test('a scan that ends at its limit says nothing of the keys behind', () => {
  const history = new HistoryBuilder().life().invoke(batch({ a: '1', b: '2' }));
  history.ok({ kind: 'scan', limit: 1 }, { pairs: [['a', '1']] });
  expect(judge(history.events).verdict).toBe('held');
});

test('a batch of which half was overwritten is not torn', () => {
  const history = new HistoryBuilder()
    .life()
    .ok(batch({ a: '1', b: '2' }))
    .ok(remove('b'))
    .crash();
  expect(judge(history.life({ a: '1' }).events).verdict).toBe('held');
});

test('a batch that is there whole or not at all is not torn', () => {
  const inFlight = (): HistoryBuilder =>
    new HistoryBuilder()
      .life()
      .invoke(batch({ a: '1', b: '2' }))
      .crash();
  expect(judge(inFlight().life().events).verdict).toBe('held');
  expect(judge(inFlight().life({ a: '1', b: '2' }).events).verdict).toBe('held');
});
