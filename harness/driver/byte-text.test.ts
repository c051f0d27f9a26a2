import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBytes, toText } from './byte-text.js';

test('bytes are read back from their text, one character a byte', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(toText(bytes)).toHaveLength(bytes.length);
      expect([...toBytes(toText(bytes))]).toEqual([...bytes]);
    }),
  );
});

test('a part of a larger buffer gives the text of that part alone', () => {
  expect(toText(new Uint8Array([97, 98, 99, 255]).subarray(1, 3))).toBe('bc');
});
