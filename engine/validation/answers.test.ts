import { expect, test } from 'vitest';
import { type Answer, type WrongAnswer, wrongAnswer, wrongAnswerText } from './answers.js';
import { parseValidationFile } from './validation-file.js';

function find(source: string, answer: Answer): WrongAnswer | undefined {
  const line = parseValidationFile(source, 'x.txt').blocks[0]?.[0];
  if (line === undefined) throw new RangeError('Expected a line.');
  return wrongAnswer(line, answer);
}

function judge(source: string, answer: Answer): string | undefined {
  const wrong = find(source, answer);
  return wrong === undefined ? undefined : wrongAnswerText(wrong);
}

const value = (text: string | null): Answer => ({ kind: 'value', value: text });
const keys = (...words: string[]): Answer => ({ kind: 'keys', keys: words });

test.each<[string, Answer]>([
  ['PUT a 1', { kind: 'done' }],
  ['DELETE a', { kind: 'done' }],
  ['GET a 1', value('1')],
  ['GET a é', value('\u00c3\u00a9')],
  ['GET a NOT_FOUND', value(null)],
  ['GET a 1 | 2 | NOT_FOUND', value('2')],
  ['GET a 1 | 2 | NOT_FOUND', value(null)],
  ['SCAN a z', keys()],
  ['SCAN a z b c', keys('b', 'c')],
])('%s accepts its answer', (source, answer) => {
  expect(judge(source, answer)).toBeUndefined();
});

test.each<[string, Answer, string]>([
  ['GET a 1', value('2'), 'Line 1: GET a must give 1, gave 2.'],
  ['GET a 1', value(null), 'Line 1: GET a must give 1, gave NOT_FOUND.'],
  ['GET a 1 | 2', value(''), 'Line 1: GET a must give 1 or 2, gave "".'],
  ['GET a NOT_FOUND', value('NOT_FOUND'), 'Line 1: GET a must give NOT_FOUND, gave "NOT_FOUND".'],
  ['GET a é', value('\u00e9'), 'Line 1: GET a must give é, gave "é".'],
  ['GET a 1', value('b c\n'), 'Line 1: GET a must give 1, gave "b c\\n".'],
  ['GET a 1', { kind: 'done' }, 'Line 1: GET a must give 1, gave an acknowledgement.'],
  ['PUT a 1', value('1'), 'Line 1: PUT a 1 must give an acknowledgement, gave 1.'],
  [
    'PUT a 1',
    { kind: 'refused', what: 'status 413' },
    'Line 1: PUT a 1 must give an acknowledgement, gave status 413.',
  ],
  ['SCAN a z b c', keys('b'), 'Line 1: SCAN a z must give c as key 2, gave no key 2.'],
  ['SCAN a z b', keys('b', 'c'), 'Line 1: SCAN a z must give no key 2, gave c as key 2.'],
  ['SCAN a z b c', keys('c', 'b'), 'Line 1: SCAN a z must give b as key 1, gave c as key 1.'],
])('%s finds %o wrong', (source, answer, text) => {
  expect(judge(source, answer)).toBe(text);
});

test.each<[string, Answer, number]>([
  [' PUT a 1', { kind: 'refused', what: 'status 413' }, 2],
  ['\tDELETE a', value(null), 2],
  ['GET  a  1 | 2', value('3'), 9],
  ['SCAN a z  b  c', keys('b'), 14],
  ['SCAN a z  b  c', keys('d', 'c'), 11],
  ['SCAN a z  b  c', keys('b', 'c', 'd'), 16],
  ['SCAN a z', keys('b'), 10],
  ['SCAN a z b', { kind: 'refused', what: 'status 500' }, 10],
])('%s and %o: the column is that of the answer that did not come', (source, answer, column) => {
  expect(find(source, answer)?.column).toBe(column);
});

test('long words and long lists are shortened', () => {
  const list = Array.from({ length: 100 }, (_, index) => `v${index}`).join(' | ');
  expect(judge(`GET a ${list}`, value('x'.repeat(10_000)))).toMatch(/^.{0,80}v7 or 92 more, gave x{60}…\.$/);
});
