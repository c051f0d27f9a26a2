import { expect, test } from 'vitest';
import type { HistoryEvent } from '../history/event.js';
import { MarkTexts } from './mark-text.js';

function textsOf(...events: readonly HistoryEvent[]): readonly string[] {
  const texts = new MarkTexts();
  return events.map((event) => texts.next(JSON.stringify(event)));
}

test('an answer is told with the operation that it answers', () => {
  const operation = { kind: 'put', key: 'a', value: '0.1' } as const;
  expect(
    textsOf(
      { kind: 'invoke', life: 0, index: 3, operation },
      { kind: 'ok', life: 0, index: 3, result: {} },
      { kind: 'invoke', life: 1, index: 3, operation: { kind: 'delete', key: 'b' } },
      { kind: 'fail', life: 1, index: 3, error: { code: 'EIO', message: 'no' } },
    ),
  ).toEqual([
    'invoke 3 put "a" = "0.1"',
    'ack 3 put "a" = "0.1"',
    'life 1: invoke 3 delete "b"',
    'life 1: fail 3 delete "b": "EIO"',
  ]);
});

test('an answer to what was not invoked is told by its number', () => {
  expect(textsOf({ kind: 'info', life: 0, index: 7 })).toEqual(['open outcome 7']);
});

test('what is no history event is shown escaped and cut', () => {
  const texts = new MarkTexts();
  expect(texts.next('\u001b[2J')).toBe('"\\u001b[2J"');
  expect(texts.next('{"kind":"frob"}')).toBe('"{\\"kind\\":\\"frob\\"}"');
  expect(texts.next('x'.repeat(10_000)).length).toBeLessThan(100);
});
