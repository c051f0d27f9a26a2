import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseValidationFile, VALIDATION_LENGTH_MAX, ValidationFileError } from './validation-file.js';

const parse = (...lines: string[]) => parseValidationFile(lines.join('\n'), 'x.txt');

test('a file without barriers is one block in order', () => {
  expect(parse('PUT a 1', 'GET a 1', 'GET b NOT_FOUND', 'DELETE a', 'SCAN a z', 'SCAN a z b c')).toEqual({
    hasBarriers: false,
    blocks: [
      [
        { kind: 'put', line: 1, column: 1, key: 'a', value: '1' },
        { kind: 'get', line: 2, column: 7, key: 'a', accepted: ['1'] },
        { kind: 'get', line: 3, column: 7, key: 'b', accepted: [null] },
        { kind: 'delete', line: 4, column: 1, key: 'a' },
        { kind: 'scan', line: 5, column: 10, from: 'a', to: 'z', keys: [], keyColumns: [10] },
        { kind: 'scan', line: 6, column: 10, from: 'a', to: 'z', keys: ['b', 'c'], keyColumns: [10, 12, 14] },
      ],
    ],
  });
});

test('barriers part the blocks, and a GET may list several answers', () => {
  expect(parse('PUT a 1', 'PUT a 2', 'BARRIER', 'GET a 1 | 2 | NOT_FOUND')).toEqual({
    hasBarriers: true,
    blocks: [
      [
        { kind: 'put', line: 1, column: 1, key: 'a', value: '1' },
        { kind: 'put', line: 2, column: 1, key: 'a', value: '2' },
      ],
      [{ kind: 'get', line: 4, column: 7, key: 'a', accepted: ['1', '2', null] }],
    ],
  });
});

test('empty lines, comments and white space at the edges are skipped', () => {
  expect(parse('# PUT x', '', '  PUT\ta   1 \r', '\t# end', '')).toEqual({
    hasBarriers: false,
    blocks: [[{ kind: 'put', line: 3, column: 3, key: 'a', value: '1' }]],
  });
});

test('barriers with nothing between them make no blocks', () => {
  expect(parse('BARRIER', 'PUT a 1', 'BARRIER', '', 'BARRIER').blocks).toHaveLength(1);
  expect(parse('')).toEqual({ hasBarriers: false, blocks: [] });
});

test('words are byte text of their UTF-8', () => {
  expect(parse('PUT é ✓').blocks).toEqual([
    [{ kind: 'put', line: 1, column: 1, key: '\u00c3\u00a9', value: '\u00e2\u009c\u0093' }],
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
  ['BARRIER 1', 'BARRIER alone on its line'],
  ['put a 1', 'PUT, GET, DELETE, SCAN or BARRIER'],
  [`DELETE ${'k'.repeat(65_536)}`, 'a key of at most 65535 bytes'],
])('%s is refused with its file and line', (line, words) => {
  const message = expect.stringMatching(/^x\.txt:2:\d+: expected .*, got "/) as unknown;
  expect(() => parse('PUT a 1', line)).toThrow(
    expect.objectContaining({ name: 'ValidationFileError', file: 'x.txt', line: 2, message }),
  );
  expect(() => parse('PUT a 1', line)).toThrow(words);
});

test.each([
  ['a word too many', '  PUT a 1 2', 11],
  ['a word too few', 'PUT a  ', 6],
  ['an unknown request', '\tput a 1', 2],
  ['a value that cannot be one', 'PUT é NOT_FOUND', 7],
  ['a bar where an answer belongs', 'GET a 1 | | 2', 11],
  ['an answer where a bar belongs', 'GET a 1 2', 9],
  ['a list that ends too early', 'GET a 1 |', 10],
  ['a barrier that is not alone', 'BARRIER 1', 9],
])('the column is that of %s', (_, line, column) => {
  expect(() => parse('PUT a 1', line)).toThrow(expect.objectContaining({ line: 2, column }));
});

test('bytes are read as UTF-8, and a byte order mark is no part of the first word', () => {
  expect(parseValidationFile(Buffer.from('\ufeffPUT é 1'), 'x.txt')).toEqual(parse('PUT é 1'));
});

test('white space that is neither a space nor a tab is part of a word', () => {
  expect(parse('PUT a\u00a0b 1').blocks).toEqual([
    [{ kind: 'put', line: 1, column: 1, key: 'a\u00c2\u00a0b', value: '1' }],
  ]);
});

test('bytes that are not UTF-8 are refused with their line and column', () => {
  const bytes = Buffer.concat([Buffer.from('PUT \ufffd 1\nPUT é '), Buffer.from([0xc3, 0x28])]);
  expect(() => parseValidationFile(bytes, 'x.txt')).toThrow('x.txt:2:7: expected UTF-8, got the byte 0xc3.');
});

test('whatever the bytes, they are read or refused', () => {
  const words = fc.constantFrom('PUT', 'GET', 'SCAN', 'DELETE', 'BARRIER', 'NOT_FOUND', '|', 'a', 'é', '#');
  const pieces = fc.oneof(words, fc.constantFrom(' ', '\n', '\t', '\r'), fc.string({ unit: 'binary' }));
  const bytes = fc.array(
    fc.oneof(
      pieces.map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 4 }),
    ),
  );
  fc.assert(
    fc.property(bytes, (parts) => {
      try {
        parseValidationFile(Buffer.concat(parts), 'x.txt');
      } catch (error) {
        expect(error).toBeInstanceOf(ValidationFileError);
      }
    }),
  );
});

test('a file that is too large is refused', () => {
  expect(() => parse('#'.repeat(VALIDATION_LENGTH_MAX + 1))).toThrow('x.txt:1:1: expected a file of at most');
});
