import { expect, test } from 'vitest';
import { counted, durationText } from './quantity.js';

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
