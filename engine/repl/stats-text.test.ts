import { expect, test } from 'vitest';
import { statsText } from './stats-text.js';

test('figures are shown with their names, groups and lists below them', () => {
  const stats = {
    cacheHits: 1_234_567,
    levels: [{ tables: 2, bytes: 4_096 }],
    rate: 0.12345,
    group: { a: true },
  };
  expect(statsText(stats)).toBe(
    [
      'cache hits  1,234,567',
      'levels',
      '  0  2 tables, 4,096 bytes',
      'rate        0.123',
      'group',
      '  a  true',
      '',
    ].join('\n'),
  );
});

test('nothing is nothing', () => {
  expect(statsText({})).toBe('');
});
