import { expect, test } from 'vitest';
import { HistoryBuilder, put } from './checker-test-history.js';
import type { HistoryEvent } from '../history/event.js';
import { judge } from './judge.js';
import { opens, shortages } from './opens.js';

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

// A full data directory was once reported as an engine that does not open.
test.each([
  'Expected to open the database, got: ENOSPC: no space left on device, write.',
  'got: EMFILE: too many open files',
  'got: EDQUOT: quota exceeded',
])('a machine that has no more to give is a doubt, not a violation: %s', (message) => {
  const error = { code: 'ENGINE_IO', message };
  const notOpened = new HistoryBuilder().begin().add({ kind: 'open-failed', life: 0, error });
  const refused = new HistoryBuilder().life().invoke(put('a', '1'));
  refused.add({ kind: 'info', life: 0, index: 0, error });
  for (const history of [notOpened, refused]) {
    expect(judge(history.events)).toMatchObject({
      verdict: 'unknown',
      violations: [],
      doubts: [expect.stringMatching(/^Life 0 met a machine that could not go on \(E[A-Z]+\)/)],
    });
  }
});

test('a child that could not be started for want of memory is a doubt', () => {
  const stderr = '[RangeError: WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory]';
  const history = new HistoryBuilder().begin().crash({ kind: 'exit', code: 1, stderr });
  expect(judge(history.events)).toMatchObject({ verdict: 'unknown', violations: [] });
});

test('a write that is lost on such a machine is still a violation', () => {
  const history = new HistoryBuilder().life().ok(put('a', '1')).invoke(put('b', '2'));
  const error = { code: 'ENGINE_IO', message: 'got: ENOSPC: no space left on device' };
  expect(kinds(history.add({ kind: 'info', life: 0, index: 1, error }).crash().life())).toEqual(['lost']);
});

test('background work that failed is refused work, unless the machine was full', () => {
  const nothing = { onDisk: [], live: [], pending: [], obsolete: [] };
  const settled = (message: string): HistoryEvent => ({
    kind: 'settled',
    life: 0,
    files: nothing,
    error: { code: 'ENGINE_READ_ONLY', message },
  });
  expect(opens([settled('EIO: i/o error')]).map(({ kind }) => kind)).toEqual(['refuses-work']);
  expect(opens([settled('ENOSPC: no space left on device')])).toEqual([]);
  expect(shortages([settled('ENOSPC: no space left on device')])).toHaveLength(1);
});

test('an injected error excuses the errors that follow it in its life, and no others', () => {
  const failed = { kind: 'open-failed', life: 0, error: { code: 'ENGINE_IO', message: 'EIO' } } as const;
  expect(kinds(new HistoryBuilder().life().fault().fail(put('a', '1'), 'EIO'))).toEqual([]);
  expect(kinds(new HistoryBuilder().life().fail(put('a', '1'), 'EIO').fault())).toEqual(['refuses-work']);
  expect(kinds(new HistoryBuilder().life().fault().crash().life().fail(put('a', '1'), 'EIO'))).toEqual([
    'refuses-work',
  ]);
  expect(kinds(new HistoryBuilder().begin().fault().add(failed))).toEqual([]);
});

test('an injected error excuses background work that failed, and a close that failed after it', () => {
  const nothing = { onDisk: [], live: [], pending: [], obsolete: [] };
  const error = { code: 'ENGINE_READ_ONLY', message: 'EIO: i/o error' };
  const exit = { kind: 'exit', code: 1, stderr: 'EIO: i/o error' } as const;
  const history = new HistoryBuilder().life().fault();
  history.add({ kind: 'settled', life: 0, files: nothing, error }).crash(exit);
  expect(kinds(history)).toEqual([]);
  expect(kinds(new HistoryBuilder().life().fault().crash(exit))).toEqual(['dies']);
});

test('what an operation answered after an injected error still counts', () => {
  const lost = new HistoryBuilder().life().fault().ok(put('a', '1')).crash().life();
  expect(kinds(lost)).toEqual(['lost']);
  const undead = new HistoryBuilder().life().fault().fail(put('a', '1'), 'EIO').crash().life({ a: '1' });
  expect(kinds(undead)).toEqual(['phantom']);
});

test('a full disk that was injected is no shortage of the machine', () => {
  const full = 'ENOSPC: no space left on device';
  const injected = new HistoryBuilder()
    .life()
    .fault('io-error ENOSPC at wal/append #1')
    .fail(put('a', '1'), full);
  expect(judge(injected.events)).toMatchObject({ verdict: 'held', doubts: [] });
  const other = new HistoryBuilder().life().fault('io-error EIO at wal/append #1').fail(put('a', '1'), full);
  expect(judge(other.events).verdict).toBe('unknown');
});
