import { afterEach, expect, test } from 'vitest';
import { pairsOf, TestServer, type TestSetup } from './http-test-server.js';

let running: TestServer | undefined;
const start = async (setup: TestSetup = {}) => (running = await TestServer.start(setup));
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

test('a value is put, found, replaced, deleted and gone', async () => {
  const server = await start();
  expect(await server.ask('GET', '/cat')).toMatchObject({ status: 404, json: { code: 'HTTP_NOT_FOUND' } });
  expect(await server.ask('PUT', '/cat', 'nine')).toMatchObject({ status: 201, text: '' });
  expect(await server.ask('PUT', '/cat', 'ten')).toMatchObject({ status: 200, text: '' });
  expect(await server.ask('GET', '/cat')).toMatchObject({ status: 200, text: 'ten' });
  expect(await server.ask('DELETE', '/cat')).toMatchObject({ status: 204, text: '' });
  expect(await server.ask('DELETE', '/cat')).toMatchObject({ status: 204 });
  expect(await server.ask('GET', '/cat')).toMatchObject({ status: 404 });
  expect(await server.ask('PUT', '/cat', 'back')).toMatchObject({ status: 201 });
});

test('keys and values are bytes', async () => {
  const server = await start();
  const value = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  await server.ask('PUT', '/%FF%00%0d%0a/%2F', value);
  expect((await server.ask('GET', '/%ff%00%0D%0A%2f/')).body).toEqual(value);
  expect(await server.engine.get(Buffer.from([0xff, 0, 13, 10, 0x2f, 0x2f]))).toEqual(new Uint8Array(value));
});

test('a byte above 7F must be encoded', async () => {
  const server = await start();
  expect(await server.send('GET /\xc3\xa9 HTTP/1.1\r\nHost: localhost\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
});

test('dots are bytes of a key, not steps through folders', async () => {
  const server = await start();
  await server.ask('PUT', '/../../etc/passwd', 'mine');
  expect(await server.ask('GET', '/../../etc/passwd')).toMatchObject({ text: 'mine' });
  expect(await server.ask('GET', '/etc/passwd')).toMatchObject({ status: 404 });
});

test('an empty value is a value', async () => {
  const server = await start();
  expect(await server.ask('PUT', '/empty', '')).toMatchObject({ status: 201 });
  expect(await server.ask('GET', '/empty')).toMatchObject({
    status: 200,
    text: '',
    headers: { 'content-length': '0' },
  });
});

test('the longest key is written and read, by every path', async () => {
  const server = await start();
  const path = `/${'%FE'.repeat(65_535)}`;
  expect(await server.ask('PUT', path, 'long')).toMatchObject({ status: 201 });
  expect(await server.ask('GET', path)).toMatchObject({ text: 'long' });
  const scan = await server.ask('GET', `/_scan?from=${path.slice(1)}&to=${'%FF'.repeat(65_535)}`);
  expect(pairsOf(scan.text)).toEqual([['\xfe'.repeat(65_535), 'long']]);
  const longer = await server.ask('PUT', `${path}a`, 'too long');
  expect(longer).toMatchObject({ status: 413, json: { code: 'HTTP_TOO_LARGE' } });
});

test('HEAD answers as GET does, without a body', async () => {
  const server = await start();
  await server.ask('PUT', '/cat', 'nine');
  const head = await server.ask('HEAD', '/cat');
  expect(head).toMatchObject({ status: 200, text: '', headers: { 'content-length': '4' } });
  expect(await server.ask('HEAD', '/dog')).toMatchObject({ status: 404, text: '' });
  expect(await server.ask('HEAD', '/_scan')).toMatchObject({ status: 200, text: '' });
});

test('a browser is told not to guess what a value is, and to keep none', async () => {
  const server = await start();
  await server.ask('PUT', '/page', '<script>');
  expect((await server.ask('GET', '/page')).headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
});

test('a batch is written as one', async () => {
  const server = await start();
  await server.ask('PUT', '/dog', 'one');
  const before = server.engine.stats().visibleSequence;
  const body = '{"op":"put","key":"cat","value":"nine"}\n{"op":"delete","key":"dog"}\n';
  expect(await server.ask('POST', '/_batch?encoding=utf8', body)).toMatchObject({ status: 204, text: '' });
  expect(server.engine.stats().visibleSequence).toBe(before + 2);
  expect(pairsOf((await server.ask('GET', '/_scan')).text)).toEqual([['cat', 'nine']]);
});

test.each([
  [400, 'HTTP_BAD_BODY', '[{"op":"put","key":"YQ==","value":"MQ=="},{"op":"drop","key":"YQ=="}]'],
  [400, 'HTTP_BAD_BODY', '{"op":"put","key":"YQ==","value":"MQ=="}\n{'],
  [413, 'HTTP_TOO_LARGE', '{"op":"put","key":"YQ==","value":"MQ=="}\n'.repeat(3)],
  [413, 'HTTP_TOO_LARGE', ' '.repeat(1_001)],
])('of a batch answered with %i %s nothing is written', async (status, code, body) => {
  const server = await start({ http: { batchOperationsMax: 2, batchBytesMax: 1_000 } });
  const answer = await server.ask('POST', '/_batch', body);
  expect(answer).toMatchObject({ status, json: { code, outcome: 'none' } });
  expect((await server.ask('GET', '/_scan')).text).toBe('');
});

test('flush and compact move what was written into tables', async () => {
  const server = await start();
  await server.ask('PUT', '/cat', 'nine');
  expect(await server.ask('POST', '/_flush')).toMatchObject({ status: 204 });
  expect(server.engine.stats()).toMatchObject({ memtableEntries: 0, flushes: 1 });
  await server.ask('DELETE', '/cat');
  expect(await server.ask('POST', '/_compact?from=a&to=z')).toMatchObject({ status: 204 });
  expect(server.engine.stats().levels.every(({ tables }) => tables === 0)).toBe(true);
});

test('stats are those of the engine', async () => {
  const server = await start();
  await server.ask('PUT', '/cat', 'nine');
  expect((await server.ask('GET', '/_stats')).json).toEqual(
    JSON.parse(JSON.stringify(server.engine.stats())),
  );
});

test('a wrong method is told the right ones', async () => {
  const server = await start();
  expect(await server.ask('PATCH', '/cat', 'x')).toMatchObject({
    status: 405,
    headers: { allow: 'GET, HEAD, PUT, DELETE' },
    json: { code: 'HTTP_METHOD_NOT_ALLOWED' },
  });
  expect(await server.ask('DELETE', '/_stats')).toMatchObject({
    status: 405,
    headers: { allow: 'GET, HEAD' },
  });
});

test.each(['/', '/%', '/%zz', '/a?b', '/_scan?limit=x'])('%s is a bad request', async (path) => {
  const server = await start();
  expect(await server.ask('GET', path)).toMatchObject({ status: 400 });
});
