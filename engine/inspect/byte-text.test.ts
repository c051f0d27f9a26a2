import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64, byteText, count, jsonLine, nameText, plainText } from './byte-text.js';

test('bytes are shown in printable ASCII, whatever they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(byteText(bytes)).toMatch(/^"[\x20-\x7e]*"(\.\.\. \(\d+ bytes\))?$/);
    }),
  );
});

test('different bytes look different, up to the length that is shown', () => {
  const bytes = fc.uint8Array({ maxLength: 64 });
  fc.assert(
    fc.property(bytes, bytes, (left, right) => {
      expect(byteText(left) === byteText(right)).toBe(Buffer.compare(left, right) === 0);
    }),
  );
});

test('quotes, backslashes and control characters are escaped, and long values are cut', () => {
  expect(byteText(Buffer.from('a"\\\u0007\u00e9', 'latin1'))).toBe('"a\\"\\\\\\x07\\xe9"');
  expect(byteText(new Uint8Array(2_000).fill(0x61))).toBe(`"${'a'.repeat(64)}"... (2,000 bytes)`);
});

test('a name is shown as it is only if nothing in it can surprise', () => {
  expect(nameText('l0/000001.sst')).toBe('l0/000001.sst');
  expect(nameText('a b')).toBe('"a b"');
  expect(nameText('\u001b[2J')).toBe('"\\x1b[2J"');
});

test('any text and any JSON become printable ASCII', () => {
  expect(plainText('é\u001b𝄞')).toBe('\\u{e9}\\u{1b}\\u{1d11e}');
  expect(jsonLine({ text: 'é\u001b' })).toBe('{"text":"\\u00e9\\u001b"}');
  expect(JSON.parse(jsonLine('𝄞'))).toBe('𝄞');
});

test('a view on a part of a buffer is encoded alone', () => {
  expect(base64(new Uint8Array(Buffer.from('xcatx')).subarray(1, 4))).toBe('Y2F0');
});

test('numbers and words agree', () => {
  expect([count(1, 'entry', 'entries'), count(0, 'byte'), count(1_234, 'byte')]).toEqual([
    '1 entry',
    '0 bytes',
    '1,234 bytes',
  ]);
});
