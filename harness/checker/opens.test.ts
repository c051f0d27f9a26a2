import { expect, test } from 'vitest';
import { HistoryBuilder, put } from './checker-test-history.js';
import { judge } from './judge.js';

const ERROR = { code: 'ENGINE_CORRUPT', message: 'MANIFEST-000004 at byte 0: bad checksum' };

function kinds(history: HistoryBuilder): string[] {
  return judge(history.events).violations.map(({ kind }) => kind);
}

test('an engine that gives up on its directory does not open', () => {
  const history = new HistoryBuilder().begin().add({ kind: 'open-failed', life: 0, error: ERROR });
  expect(kinds(history)).toEqual(['does-not-open']);
});

test('a process that exits after it could not open is reported once', () => {
  const history = new HistoryBuilder().begin().add({ kind: 'open-failed', life: 0, error: ERROR });
  expect(kinds(history.crash({ kind: 'exit', code: 1, stderr: '' }))).toEqual(['does-not-open']);
});

test('an operation that waits for ever hangs', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1'));
  history.add({ kind: 'hang', life: 0, waiting: [0], while: 'operations' });
  expect(judge(history.events).violations).toMatchObject([
    { kind: 'hangs', operations: [{ life: 0, index: 0 }] },
  ]);
});

test('an operation that fails is refused work', () => {
  expect(kinds(new HistoryBuilder().life().fail(put('a', '1')))).toEqual(['refuses-work']);
});

test('an operation that is left open with an error is refused work', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1'));
  expect(kinds(history.add({ kind: 'info', life: 0, index: 0, error: ERROR }))).toEqual(['refuses-work']);
});

test('an operation in flight at a kill is not', () => {
  const history = new HistoryBuilder().life().invoke(put('a', '1'));
  expect(kinds(history.add({ kind: 'info', life: 0, index: 0 }).crash())).toEqual([]);
});

test('a process that exits by itself dies', () => {
  expect(kinds(new HistoryBuilder().life().crash({ kind: 'exit', code: 134, stderr: 'abort' }))).toEqual([
    'dies',
  ]);
});

test('a signal from elsewhere is a doubt', () => {
  const history = new HistoryBuilder().life().crash({ kind: 'signal', signal: 'SIGKILL', foreign: true });
  expect(judge(history.events)).toMatchObject({ verdict: 'unknown', violations: [] });
});
