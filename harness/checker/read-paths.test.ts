import { expect, test } from 'vitest';
import type { Operation, Pair } from '../workload/operation.js';
import { HistoryBuilder, put } from './checker-test-history.js';
import { judge } from './judge.js';

function kindsOf(history: HistoryBuilder): string[] {
  return judge(history.events).violations.map(({ kind }) => kind);
}

function kindsOfScan(operation: Operation, pairs: readonly Pair[]): string[] {
  return kindsOf(new HistoryBuilder().life().ok(put('a', '1')).ok(put('b', '2')).ok(operation, { pairs }));
}

test('a get and the scan of an observation must agree', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).crash();
  expect(kindsOf(history.life({ a: '1' }, { gets: [['a', null]] }))).toEqual(['read-paths-disagree']);
});

test('the scan of an observation must be in strict byte order', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).ok(put('b', '2')).crash();
  const scan = [['b', '2'], ['a', '1']] as const; // prettier-ignore
  expect(kindsOf(history.life({ a: '1', b: '2' }, { scan }))).toEqual(['read-paths-disagree']);
});

test('a read that fails in an observation is a violation', () => {
  const history = new HistoryBuilder().life({}, { errors: ['get "a": ENGINE_CORRUPT'] });
  expect(kindsOf(history)).toEqual(['read-failed']);
});

test('a scan out of order, out of bounds or over its limit is a violation', () => {
  const a: Pair = ['a', '1'];
  const b: Pair = ['b', '2'];
  expect(kindsOfScan({ kind: 'scan' }, [a, b])).toEqual([]);
  expect(kindsOfScan({ kind: 'scan' }, [b, a])).toEqual(['read-paths-disagree']);
  expect(kindsOfScan({ kind: 'scan' }, [a, a, b])).toEqual(['read-paths-disagree']);
  expect(kindsOfScan({ kind: 'scan', lt: 'b' }, [a, b])).toEqual(['read-paths-disagree']);
  expect(kindsOfScan({ kind: 'scan', limit: 1 }, [a, b])).toEqual(['read-paths-disagree']);
});
