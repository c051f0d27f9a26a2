import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { answerOf, TestServer, type TestSetup } from './http-test-server.js';

let running: TestServer | undefined;
const start = async (setup: TestSetup = {}) => (running = await TestServer.start(setup));
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const HOST = 'Host: localhost\r\n';

test('a body in chunks is a value', async () => {
  const server = await start();
  const client = server.open('PUT', '/cat', { 'Transfer-Encoding': 'chunked' });
  client.write('ni');
  expect(await answerOf(client, 'ne')).toMatchObject({ status: 201 });
  expect(await server.ask('GET', '/cat')).toMatchObject({ text: 'nine' });
});

test('a value at the limit is taken, one byte more is not, declared or in chunks', async () => {
  const server = await start({ http: { valueBytesMax: 1_000 } });
  expect(await server.ask('PUT', '/fits', 'x'.repeat(1_000))).toMatchObject({ status: 201 });
  const declared = await server.ask('PUT', '/long', 'x'.repeat(1_001));
  expect(declared).toMatchObject({ status: 413, json: { code: 'HTTP_TOO_LARGE', outcome: 'none' } });
  const chunked = server.open('PUT', '/long', { 'Transfer-Encoding': 'chunked' });
  expect(await answerOf(chunked, 'x'.repeat(1_001))).toMatchObject({ status: 413 });
  expect(await server.ask('GET', '/long')).toMatchObject({ status: 404 });
});

test('the refusal of a huge body arrives although the client is still sending', async () => {
  const server = await start({ http: { valueBytesMax: 1_000 } });
  const answer = await server.ask('PUT', '/huge', Buffer.alloc(8 * 1024 * 1024));
  expect(answer).toMatchObject({ status: 413, headers: { connection: 'close' } });
});

test('a client that asks before it sends is told to go on, or not to', async () => {
  const server = await start({ http: { valueBytesMax: 1_000 } });
  for (const [length, continues] of [
    [4, true],
    [1_001, false],
  ] as const) {
    const client = server.open('PUT', '/cat', { Expect: '100-continue', 'Content-Length': length });
    let told = false;
    client.on('continue', () => {
      told = true;
      client.end('nine');
    });
    client.flushHeaders();
    const [response] = (await once(client, 'response')) as [{ statusCode: number }];
    expect([told, response.statusCode]).toEqual([continues, continues ? 201 : 413]);
    client.destroy();
  }
});

test('of an upload that breaks off nothing is written, and its memory is given back', async () => {
  const server = await start({ http: { heldBytesMax: 100_000 } });
  for (let round = 0; round < 5; round++) {
    const client = server.open('PUT', '/half', { 'Content-Length': 90_001 });
    client.on('error', () => undefined);
    await new Promise((resolve) => client.write(Buffer.alloc(90_000), resolve));
    const closed = new Promise((resolve) => client.once('close', resolve));
    client.destroy();
    await closed;
  }
  let whole = await server.ask('PUT', '/whole', Buffer.alloc(90_000));
  // The server may hear of the end a moment later.
  while (whole.status === 503) whole = await server.ask('PUT', '/whole', Buffer.alloc(90_000));
  expect(whole.status).toBe(201);
  expect(await server.ask('GET', '/half')).toMatchObject({ status: 404 });
});

test('a body that would not fit beside the others is answered with 503, and fits when they are gone', async () => {
  const server = await start({ http: { heldBytesMax: 100_000 } });
  const first = await server.connect();
  first.write(`PUT /first HTTP/1.1\r\n${HOST}Content-Length: 90001\r\n\r\n${'x'.repeat(90_000)}`);
  let second = await server.ask('PUT', '/second', Buffer.alloc(20_000));
  // The first one's bytes may arrive after the second request.
  while (second.status !== 503) second = await server.ask('PUT', '/second', Buffer.alloc(20_000));
  expect(second).toMatchObject({
    headers: { 'retry-after': '1' },
    json: { code: 'HTTP_BUSY', outcome: 'none' },
  });
  first.destroy();
  while (second.status === 503) second = await server.ask('PUT', '/second', Buffer.alloc(20_000));
  expect(second.status).toBeOneOf([200, 201]);
});
