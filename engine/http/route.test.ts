import { expect, test } from 'vitest';
import { routeOf } from './route.js';
import { splitTarget } from './target.js';

const route = (method: string, target: string) => routeOf(method, splitTarget(target));
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const refused = (code: string) => expect.objectContaining({ code }) as Error;

test('a name of a command is one only letter for letter', () => {
  expect(route('GET', '/_stats')).toEqual({ kind: 'stats' });
  for (const path of ['/%5Fstats', '/_stat%73', '/_stats/', '/_Stats', '/__stats', '//_stats']) {
    expect(route('GET', path), path).toMatchObject({ kind: 'get' });
  }
  expect(route('GET', '/%5Fstats')).toEqual({ kind: 'get', key: bytes('_stats') });
});

test('a slash in a key may be written both ways, and first', () => {
  expect(route('GET', '/a/b')).toEqual(route('GET', '/a%2fb'));
  expect(route('GET', '//')).toEqual({ kind: 'get', key: bytes('/') });
});

test('a key of 65,535 bytes is taken, one more is too large', () => {
  const key = '%FF'.repeat(65_535);
  expect(route('PUT', `/${key}`)).toMatchObject({ kind: 'put' });
  expect(() => route('PUT', `/${key}a`)).toThrow(refused('HTTP_TOO_LARGE'));
  expect(() => route('GET', `/_scan?from=${key}a`)).toThrow(refused('HTTP_TOO_LARGE'));
});

test('no key is no target', () => {
  expect(() => route('GET', '/')).toThrow(refused('HTTP_BAD_TARGET'));
  expect(() => route('GET', '/?sync=1')).toThrow(refused('HTTP_BAD_TARGET'));
});

test.each([
  ['PATCH', '/a', 'GET, HEAD, PUT, DELETE'],
  ['POST', '/a', 'GET, HEAD, PUT, DELETE'],
  ['OPTIONS', '/a', 'GET, HEAD, PUT, DELETE'],
  ['PUT', '/_scan', 'GET, HEAD'],
  ['GET', '/_batch', 'POST'],
  ['GET', '/_flush', 'POST'],
])('%s %s is told that there are %s', (method, target, allow) => {
  expect(() => route(method, target)).toThrow(
    expect.objectContaining({ code: 'HTTP_METHOD_NOT_ALLOWED', allow: allow.split(', ') }) as Error,
  );
});

test('a write may choose whether it is synced', () => {
  expect(route('PUT', '/a')).toMatchObject({ sync: undefined });
  expect(route('PUT', '/a?sync=1')).toMatchObject({ sync: true });
  expect(route('DELETE', '/a?sync=0')).toMatchObject({ sync: false });
  expect(route('POST', '/_batch?sync=1')).toMatchObject({ sync: true });
});

test.each([
  ['GET', '/a?sync=1'],
  ['PUT', '/a?sync=true'],
  ['PUT', '/a?sync'],
  ['PUT', '/a?sync=1&sync=1'],
  ['PUT', '/a?snyc=1'],
  ['GET', '/_scan?limit=-1'],
  ['GET', '/_scan?limit=1.5'],
  ['GET', '/_scan?limit='],
  ['GET', '/_scan?limit=1e3'],
  ['GET', '/_scan?to='],
  ['GET', '/_scan?encoding=hex'],
  ['GET', '/_stats?a'],
  ['POST', '/_flush?from=a'],
  ['POST', '/_compact?limit=1'],
])('%s %s has a bad parameter', (method, target) => {
  expect(() => route(method, target)).toThrow(refused('HTTP_BAD_PARAMETER'));
});

test('a scan has bounds in bytes, a limit, a direction and an encoding', () => {
  expect(route('GET', '/_scan?from=a%00+b&to=%FF&limit=12&reverse=1&encoding=utf8')).toEqual({
    kind: 'scan',
    options: { gte: bytes('a\0 b'), lt: bytes('\xff'), limit: 12, reverse: true },
    encoding: 'utf8',
  });
  expect(route('GET', '/_scan?')).toEqual({ kind: 'scan', options: { reverse: false }, encoding: 'base64' });
});

test('URLSearchParams writes parameters that mean what was meant', () => {
  const query = new URLSearchParams({ from: 'a +&=%/', to: 'é' }).toString();
  expect(route('GET', `/_scan?${query}`)).toMatchObject({
    options: { gte: bytes('a +&=%/'), lt: new Uint8Array(Buffer.from('é', 'utf8')) },
  });
});

test('a compaction may have a range', () => {
  expect(route('POST', '/_compact')).toEqual({ kind: 'compact', range: {} });
  expect(route('POST', '/_compact?prefix=a')).toEqual({
    kind: 'compact',
    range: { gte: bytes('a'), lt: bytes('b') },
  });
});
