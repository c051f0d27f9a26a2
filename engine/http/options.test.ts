import { expect, test } from 'vitest';
import { DEFAULT_HTTP_OPTIONS, isLoopback, resolveHttpOptions } from './options.js';

test('the defaults are options', () => {
  expect(resolveHttpOptions({})).toEqual(DEFAULT_HTTP_OPTIONS);
});

test.each<object>([
  { port: 65_536 },
  { port: -1 },
  { port: '80' },
  { connectionsMax: 0 },
  { valueBytesMax: 1.5 },
  { valueBytesMax: NaN },
  { headTimeoutMs: 10, requestTimeoutMs: 9 },
  { host: '' },
  { allowRemote: 'yes' },
  { onError: 1 },
  { maxConnections: 1 },
  { toString: 1 },
  { host: '0.0.0.0' },
  { host: '::' },
  { host: 'example.org' },
])('%j is refused', (given) => {
  expect(() => resolveHttpOptions(given)).toThrow(
    expect.objectContaining({ code: 'HTTP_INVALID_OPTION' }) as Error,
  );
});

test('a host that others can reach is taken only with a word of its own', () => {
  expect(resolveHttpOptions({ host: '0.0.0.0', allowRemote: true }).host).toBe('0.0.0.0');
});

test.each(['localhost', 'LOCALHOST', '127.0.0.1', '127.1.2.3', '::1', '[::1]'])('%s is loopback', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each([
  '0.0.0.0',
  '127.0.0.1.evil.example',
  '127.evil.example',
  'localhost.evil.example',
  '',
  '::',
  '128.0.0.1',
])('%j is not loopback', (host) => {
  expect(isLoopback(host)).toBe(false);
});
