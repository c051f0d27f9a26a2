import { expect, test } from 'vitest';
import { parseValidationFile, VALIDATION_LENGTH_MAX } from './validation-file.js';

const parse = (...lines: string[]) => parseValidationFile(lines.join('\n'), 'x.txt');

test('a file without barriers is one block in order', () => {
  expect(parse('PUT a 1', 'GET a 1', 'GET b NOT_FOUND', 'DELETE a', 'SCAN a z', 'SCAN a z b c')).toEqual({
    hasBarriers: false,
    blocks: [
      [
        { kind: 'put', line: 1, key: 'a', value: '1' },
        { kind: 'get', line: 2, key: 'a', accepted: ['1'] },
        { kind: 'get', line: 3, key: 'b', accepted: [null] },
        { kind: 'delete', line: 4, key: 'a' },
        { kind: 'scan', line: 5, from: 'a', to: 'z', keys: [] },
        { kind: 'scan', line: 6, from: 'a', to: 'z', keys: ['b', 'c'] },
      ],
    ],
  });
});

test('barriers part the blocks, and a GET may list several answers', () => {
  expect(parse('PUT a 1', 'PUT a 2', 'BARRIER', 'GET a 1 | 2 | NOT_FOUND')).toEqual({
    hasBarriers: true,
    blocks: [
      [
        { kind: 'put', line: 1, key: 'a', value: '1' },
        { kind: 'put', line: 2, key: 'a', value: '2' },
      ],
      [{ kind: 'get', line: 4, key: 'a', accepted: ['1', '2', null] }],
    ],
  });
});

test('empty lines, comments and white space at the edges are skipped', () => {
  expect(parse('# PUT x', '', '  PUT\ta   1 \r', '\t# end', '')).toEqual({
    hasBarriers: false,
    blocks: [[{ kind: 'put', line: 3, key: 'a', value: '1' }]],
  });
});

test('barriers with nothing between them make no blocks', () => {
  expect(parse('BARRIER', 'PUT a 1', 'BARRIER', '', 'BARRIER').blocks).toHaveLength(1);
  expect(parse('')).toEqual({ hasBarriers: false, blocks: [] });
});

test('words are byte text of their UTF-8', () => {
  expect(parse('PUT é ✓').blocks).toEqual([
    [{ kind: 'put', line: 1, key: '\u00c3\u00a9', value: '\u00e2\u009c\u0093' }],
  ]);
});

test.each([
  ['PUT a', 'PUT k v'],
  ['PUT a 1 2', 'PUT k v'],
  ['PUT a NOT_FOUND', 'a value other than NOT_FOUND and |'],
  ['PUT a |', 'a value other than NOT_FOUND and |'],
  ['DELETE', 'DELETE k'],
  ['DELETE a b', 'DELETE k'],
  ['GET a', 'GET k v'],
  ['GET a 1 2', 'GET k v1 | v2'],
  ['GET a 1 |', 'GET k v1 | v2'],
  ['GET a | 1', 'GET k v1 | v2'],
  ['GET a 1 | | 2', 'GET k v1 | v2'],
  ['SCAN a', 'SCAN from to'],
  ['BARRIER 1', 'BARRIER in its usual form'],
  ['put a 1', 'PUT, GET, DELETE, SCAN or BARRIER'],
  [`DELETE ${'k'.repeat(65_536)}`, 'a key of at most 65535 bytes'],
])('%s is refused with its file and line', (line, words) => {
  const message = expect.stringMatching(/^x\.txt:2: expected .*, got "/) as unknown;
  expect(() => parse('PUT a 1', line)).toThrow(
    expect.objectContaining({ name: 'ValidationFileError', file: 'x.txt', line: 2, message }),
  );
  expect(() => parse('PUT a 1', line)).toThrow(words);
});

test('a file that is too large is refused', () => {
  expect(() => parse('#'.repeat(VALIDATION_LENGTH_MAX + 1))).toThrow('x.txt:1: expected a file of at most');
});
