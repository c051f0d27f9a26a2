import { afterEach, expect, test } from 'vitest';
import { startServer } from './index.js';
import { answerOf, TestServer, type TestSetup, untilEnd } from './http-test-server.js';
import { nodeEnvironment } from '../index.js';

let running: TestServer | undefined;
const start = async (setup: TestSetup = {}) => (running = await TestServer.start(setup));
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const HOST = 'Host: localhost\r\n';

test('a port that is taken is one error that says so', async () => {
  const { engine, directory, server } = await start();
  await expect(startServer(engine, nodeEnvironment(directory), { port: server.port })).rejects.toMatchObject({
    code: 'HTTP_ADDRESS',
    message: expect.stringContaining(`port ${server.port}`) as string,
  });
});

test('it listens on loopback only, and says where', async () => {
  const { server } = await start();
  expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
});

test('closing ends idle connections at once, and takes no more', async () => {
  const server = await start();
  const idle = await server.connect();
  const ended = untilEnd(idle);
  await server.server.close();
  expect(await ended).toBe('');
  await expect(server.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a request whose body is still arriving when the server closes is carried out and answered', async () => {
  const server = await start();
  const client = server.open('PUT', '/cat', { 'Content-Length': 4 });
  const answer = new Promise((resolve) => client.on('socket', (socket) => socket.once('connect', resolve)));
  client.write('ni');
  await answer;
  // Answered after the two bytes have been read, because the server reads in the order of arrival.
  await server.ask('GET', '/_health');
  const closed = server.server.close();
  expect(await answerOf(client, 'ne')).toMatchObject({ status: 201, headers: { connection: 'close' } });
  await closed;
  expect(await server.engine.get(Buffer.from('cat'))).toEqual(new Uint8Array(Buffer.from('nine')));
});

test('a request that comes while the server closes is refused, those before it are answered', async () => {
  const server = await start();
  const socket = await server.connect();
  const all = untilEnd(socket);
  socket.write(`PUT /a HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\n1`);
  await server.ask('GET', '/_health');
  const closed = server.server.close();
  socket.write(`1PUT /b HTTP/1.1\r\n${HOST}Content-Length: 1\r\n\r\n2`);
  await closed;
  expect((await all).match(/^HTTP\/1\.1 \d+/gm)?.[0]).toBe('HTTP/1.1 201');
  expect(await server.engine.get(Buffer.from('b'))).toBeUndefined();
});

test('a client that never ends its body does not hold the closing up for ever', async () => {
  const server = await start({ http: { closeTimeoutMs: 200 } });
  const socket = await server.connect();
  const ended = untilEnd(socket);
  socket.write(`PUT /a HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\n1`);
  await server.ask('GET', '/_health');
  await server.server.close();
  expect(await ended).toBe('');
  expect(await server.engine.get(Buffer.from('a'))).toBeUndefined();
});

test('closing twice is closing once', async () => {
  const server = await start();
  await Promise.all([server.server.close(), server.server.close()]);
});
