import { expect, test } from 'vitest';
import { counted, durationText, hugeText } from './quantity.js';

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [1_000, '1.0 s'],
  [59_949, '59.9 s'],
  [59_960, '1 min 0 s'],
  [252_000, '4 min 12 s'],
  [7_500_000, '2 h 5 min'],
])('%d ms is written as %s', (durationMs, text) => {
  expect(durationText(durationMs)).toBe(text);
});

test('one thing is singular, everything else plural', () => {
  expect([0, 1, 1_234].map((count) => counted(count, 'kill'))).toEqual(['0 kills', '1 kill', '1,234 kills']);
});

test.each([
  [0, '0'],
  [999_999_999, '999,999,999'],
  [1e9, '1.0e9'],
  [7.84e12, '7.8e12'],
  [1e308, '1.0e308'],
  [Infinity, 'more than 1.7e308'],
])('a huge number %d is written as %s', (count, text) => {
  expect(hugeText(count)).toBe(text);
});
