import fc from 'fast-check';
import { expect, test } from 'vitest';
import { percentDecoded, splitTarget } from './target.js';

test('every byte survives its percent-encoding', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const encoded = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
      expect(percentDecoded(encoded)).toEqual(bytes);
    }),
  );
});

test('a plain character is its byte, a plus too', () => {
  expect(percentDecoded('a+/é')).toEqual(new Uint8Array([0x61, 0x2b, 0x2f, 0xe9]));
});

test.each(['%', '%4', '%zz', 'a%', '%4g', '%-1', '% 1'])('%s is refused', (text) => {
  expect(() => percentDecoded(text)).toThrow(expect.objectContaining({ code: 'HTTP_BAD_TARGET' }) as Error);
});

test('only what stands before the first question mark is the path, and dots are no steps', () => {
  expect(splitTarget('/a/../b?x?y')).toEqual({ authority: undefined, path: 'a/../b', query: 'x?y' });
});

test('the host of an absolute URL is told apart from the path', () => {
  expect(splitTarget('http://evil.example:80/a?b')).toEqual({
    authority: 'evil.example:80',
    path: 'a',
    query: 'b',
  });
});

test.each(['*', 'a', '', 'http://host', 'ftp://host/a'])('%s is no path', (target) => {
  expect(() => splitTarget(target)).toThrow(expect.objectContaining({ code: 'HTTP_BAD_TARGET' }) as Error);
});
