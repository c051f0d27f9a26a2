import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestServer } from './http-test-server.js';

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(async () => await server.stop());

test.each(['evil.example', 'evil.example:80', '10.0.0.1', '127.0.0.1.evil.example'])(
  'a request to the host %j is forbidden',
  async (host) => {
    const answer = await server.ask('PUT', '/cat', 'x', { Host: host });
    expect(answer).toMatchObject({ status: 403, json: { code: 'HTTP_FORBIDDEN' } });
    expect(await server.ask('GET', '/cat')).toMatchObject({ status: 404 });
  },
);

test.each(['localhost', 'localhost:9009', '[::1]:9009', '127.0.0.1'])(
  'the host %s is this machine',
  async (host) => {
    expect(await server.ask('GET', '/_health', '', { Host: host })).toMatchObject({ status: 200 });
  },
);

test.each(['https://evil.example', 'null', 'http://localhost:1'])(
  'a page of %s may not ask',
  async (origin) => {
    expect(await server.ask('POST', '/_flush', '', { Origin: origin })).toMatchObject({ status: 403 });
  },
);

test('a page of the server itself may ask', async () => {
  const { url } = server.server;
  expect(await server.ask('GET', '/_health', '', { Origin: url })).toMatchObject({ status: 200 });
});

test('the host of an absolute URL counts, not the header', async () => {
  const head = 'Host: localhost\r\nConnection: close\r\n\r\n';
  expect(await server.send(`GET http://evil.example/_health HTTP/1.1\r\n${head}`)).toMatch(
    /^HTTP\/1\.1 403 /,
  );
});
