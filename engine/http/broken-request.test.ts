import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestServer, untilEnd } from './http-test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start({ http: { headTimeoutMs: 200, requestTimeoutMs: 400 } });
});
afterAll(async () => await server.stop());

const HOST = 'Host: localhost\r\n';

test.each([
  ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['a version that there is not', `GET /cat HTTP/9.9\r\n${HOST}\r\n`],
  ['no host', 'GET /cat HTTP/1.1\r\n\r\n'],
  ['a space in a header name', `GET /cat HTTP/1.1\r\n${HOST}A b: c\r\n\r\n`],
  ['two lengths', `PUT /x HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
  [
    'a length and chunks',
    `PUT /x HTTP/1.1\r\n${HOST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['a length that is none', `PUT /x HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\na`],
  [
    'a chunk whose size is no number',
    `PUT /x HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n`,
  ],
])('%s is answered with 400 and the end of the connection', async (_what, text) => {
  expect(await server.send(text)).toMatch(/^HTTP\/1\.1 400 /);
  expect(await server.ask('GET', '/x')).toMatchObject({ status: 404 });
});

test('a head of a megabyte is answered with 431', async () => {
  const answer = await server.send(`GET /cat HTTP/1.1\r\n${HOST}X: ${'x'.repeat(1024 * 1024)}\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 431 [\s\S]*HTTP_HEAD_TOO_LARGE/);
  expect(await server.ask('GET', '/_health')).toMatchObject({ status: 200 });
});

test.each([
  ['a head', `GET /cat HTTP/1.1\r\n${HOST}X:`],
  ['a body', `PUT /slow HTTP/1.1\r\n${HOST}Content-Length: 10\r\n\r\nhalf`],
])('%s that does not arrive is answered with 408', async (_what, text) => {
  expect(await server.send(text)).toMatch(/^HTTP\/1\.1 408 [\s\S]*HTTP_TIMEOUT/);
  expect(await server.ask('GET', '/slow')).toMatchObject({ status: 404 });
});

test('a tunnel is refused', async () => {
  expect(await server.send(`CONNECT evil.example:80 HTTP/1.1\r\n${HOST}\r\n`)).toMatch(
    /^HTTP\/1\.1 405 [\s\S]*Allow: GET, HEAD, PUT, DELETE, POST/,
  );
});

test('what comes before garbage on a connection is answered first', async () => {
  await server.ask('PUT', '/cat', 'nine');
  const text = await server.send(`GET /cat HTTP/1.1\r\n${HOST}\r\nGARBAGE\r\n\r\n`);
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
});

test('a client that ends at once, or in the middle, harms nobody', async () => {
  for (const text of ['', 'GE', `PUT /half HTTP/1.1\r\n${HOST}Content-Length: 4\r\n\r\nab`]) {
    const socket = await server.connect();
    const ended = untilEnd(socket);
    socket.write(text, () => socket.resetAndDestroy());
    await ended;
  }
  expect(await server.ask('GET', '/half')).toMatchObject({ status: 404 });
  expect(server.reported).toEqual([]);
});
