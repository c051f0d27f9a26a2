import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOfJson, jsonOfBytes } from './json-bytes.js';

test('bytes survive both encodings', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.string().map((text) => new Uint8Array(Buffer.from(text))),
      ),
      fc.constantFrom('base64' as const, 'utf8' as const),
      (bytes, encoding) => {
        const back = bytesOfJson(JSON.parse(jsonOfBytes(bytes, encoding)), encoding);
        expect(new Uint8Array(back ?? [])).toEqual(bytes);
      },
    ),
  );
});

test('text is text under utf8, and what is none is an object', () => {
  expect(jsonOfBytes(Buffer.from('né"'), 'utf8')).toBe('"né\\""');
  expect(jsonOfBytes(Buffer.from([0xff]), 'utf8')).toBe('{"base64":"/w=="}');
  expect(jsonOfBytes(Buffer.from([0xff]), 'base64')).toBe('"/w=="');
});

test.each(['YQ', 'YQ=', 'YQ==\n', 'Y Q==', 'Y-__', 'YR==', 'é'])('%j is not base64', (text) => {
  expect(bytesOfJson(text, 'base64')).toBeUndefined();
  expect(bytesOfJson({ base64: text }, 'utf8')).toBeUndefined();
});

test.each([1, null, true, [], {}, { base64: 1 }, { base64: 'YQ==', more: 1 }, undefined])(
  '%j is no bytes',
  (value) => {
    expect(bytesOfJson(value, 'base64')).toBeUndefined();
  },
);

test('half a character has no UTF-8', () => {
  expect(bytesOfJson('\ud800', 'utf8')).toBeUndefined();
});
