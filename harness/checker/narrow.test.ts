import { expect, test } from 'vitest';
import { HistoryBuilder, get, put } from './checker-test-history.js';
import { livesOf } from './lives.js';
import { narrow } from './narrow.js';
import { type SearchOperation, searchOperations } from './search-operations.js';
import { stretchesOf } from './stretch.js';

function narrowed(history: HistoryBuilder): readonly SearchOperation[] | undefined {
  const stretch = stretchesOf(livesOf(history.events)).at(-1);
  if (stretch?.base === undefined) throw new Error('The history has no observation.');
  return narrow(searchOperations(stretch.operations, undefined), stretch.base, undefined);
}

test('a write must be over before the first who read it was answered', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1')).ok(get('a'), { value: '1' }).answer(0);
  const [write, read] = narrowed(history) ?? [];
  expect(write?.end).toBe(read?.end);
});

test('a write that overlaps a value and its reader comes before the value if it was over before the reader', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1')).invoke(put('a', '2')).answer(0).answer(1);
  const [replaced, kept] = narrowed(history.ok(get('a'), { value: '2' })) ?? [];
  expect(replaced?.record.operation).toEqual(put('a', '1'));
  expect(replaced?.end).toBeLessThanOrEqual(kept?.end ?? 0);
});

test('two values that each must come before the other leave no order', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1')).invoke(put('a', '2')).answer(0).answer(1);
  history.ok(get('a'), { value: '2' }).ok(get('a'), { value: '1' });
  expect(narrowed(history)).toBeUndefined();
});
