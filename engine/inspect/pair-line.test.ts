import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBase64, pairLine, parsePairLine } from './pair-line.js';

test('a line of any pair is read back as the same pair', () => {
  const key = fc.uint8Array({ minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(key, fc.uint8Array({ maxLength: 300 }), (key, value) => {
      const line = pairLine([key, value]);
      expect(line).toMatch(/^[\x20-\x7e]*$/);
      const parsed = parsePairLine(line);
      expect(parsed).toEqual({ kind: 'put', key: Uint8Array.from(key), value: Uint8Array.from(value) });
    }),
  );
});

test('a line may ask for a deletion', () => {
  expect(parsePairLine('{"delete": true, "key": "Y2F0"}')).toEqual({
    kind: 'delete',
    key: new Uint8Array(Buffer.from('cat')),
  });
});

test.each([
  ['nine lives', 'expected a JSON object, got "nine lives"'],
  ['', 'expected a JSON object, got ""'],
  ['[1]', 'expected a JSON object, got [1]'],
  ['null', 'expected a JSON object, got null'],
  ['{"value":""}', 'expected key to be base64, got nothing'],
  ['{"key":"Y2F0"}', 'expected value to be base64, got nothing'],
  ['{"key":"Y2F0","value":5}', 'expected value to be base64, got 5'],
  ['{"key":"Y2F0","vlaue":""}', 'expected key and value, or key and delete, got "vlaue"'],
  ['{"key":"Y2F0","value":"","delete":true}', 'expected either value or delete, got both'],
  ['{"key":"Y2F0","delete":false}', 'expected delete to be true, got false'],
  ['{"key":"","value":""}', 'expected key to have 1 to 65535 bytes, got 0'],
  ['{"key":"Y2F0ZQ","value":""}', 'expected key to be base64, got "Y2F0ZQ"'],
  ['{"key":"Y2F-","value":""}', 'expected key to be base64, got "Y2F-"'],
  ['{"key":"Y2 F0","value":""}', 'expected key to be base64, got "Y2 F0"'],
])('%s is refused', (line, problem) => {
  expect(parsePairLine(line)).toBe(problem);
});

test('a key that is too long is refused', () => {
  const line = pairLine([new Uint8Array(65_536), new Uint8Array(0)]);
  expect(parsePairLine(line)).toBe('expected key to have 1 to 65535 bytes, got 65536');
});

test('base64 whose last bits are not zero is not what anybody writes', () => {
  expect(decodeBase64('YQ==')).toEqual(Uint8Array.of(0x61));
  expect(decodeBase64('YR==')).toBeUndefined();
});
