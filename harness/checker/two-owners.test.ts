import { expect, test } from 'vitest';
import { HistoryBuilder } from './checker-test-history.js';
import { judge } from './judge.js';

test('a second engine must be locked out', () => {
  const kindsFor = (locked: boolean): string[] => {
    const history = new HistoryBuilder().life().ok({ kind: 'open-again' }, { locked });
    return judge(history.events).violations.map(({ kind }) => kind);
  };
  expect(kindsFor(true)).toEqual([]);
  expect(kindsFor(false)).toEqual(['two-owners']);
});
