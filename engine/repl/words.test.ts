import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteText, wordsOf } from './words.js';

const hex = (line: string) => wordsOf(line).map(({ bytes }) => Buffer.from(bytes).toString('hex'));

test.each([
  ['cat', ['636174']],
  ['é', ['c3a9']],
  [String.raw`"\u00e9"`, ['e9']],
  ['"é"', ['e9']],
  ['"a b"', ['612062']],
  ['""', ['']],
  [String.raw`"\"" "\\"`, ['22', '5c']],
  [' \t a\t\tb ', ['61', '62']],
  ['a"b', ['612262']],
  ['', []],
])('%s is the words %j', (line, expected) => {
  expect(hex(line)).toEqual(expected);
});

test.each([
  ['"abc', 'closing quote'],
  [String.raw`"abc\"`, 'closing quote'],
  ['"a"b', 'space behind the closing quote at character 3'],
  [String.raw`"\q"`, 'JSON string at character 1'],
  ['put "Ā"', 'U+0100 in those at character 5'],
  ['"😀"', 'U+1F600'],
  ['a\x07', 'control character'],
  ['\ud800', 'half a character'],
])('%j is refused, with the place', (line, message) => {
  expect(() => wordsOf(line)).toThrow(
    expect.objectContaining({
      code: 'REPL_BAD_LINE',
      message: expect.stringContaining(message) as string,
    }) as Error,
  );
});

test('all bytes are written as one word of printable ASCII, which reads back as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = byteText(bytes);
      expect(text).toMatch(/^[ -~]+$/);
      expect(wordsOf(text).map((word) => [...word.bytes])).toEqual([[...bytes]]);
    }),
  );
});

test('a word that looks like an option is written in quotes', () => {
  expect(byteText(Buffer.from('--limit'))).toBe('"--limit"');
});
