import { afterEach, expect, test } from 'vitest';
import { TestServer, type TestSetup, untilEnd } from './http-test-server.js';

let running: TestServer | undefined;
const start = async (setup: TestSetup = {}) => (running = await TestServer.start(setup));
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const HOST = 'Host: localhost\r\n';

test('requests that are sent without waiting are carried out and answered in their order', async () => {
  const server = await start({ engine: { durability: 'always' } });
  const turns = Array.from({ length: 50 }, (_, index) => index);
  const requests = turns.map(
    (index) =>
      `PUT /k HTTP/1.1\r\n${HOST}Content-Length: 2\r\n\r\n${index + 10}` + `GET /k HTTP/1.1\r\n${HOST}\r\n`,
  );
  const text = await server.send(
    `${requests.join('')}GET /_health HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`,
  );
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual([
    ...turns.flatMap((index) => [index === 0 ? 'HTTP/1.1 201' : 'HTTP/1.1 200', 'HTTP/1.1 200']),
    'HTTP/1.1 200',
  ]);
  expect([...text.matchAll(/\r\n\r\n(\d\d)HTTP/g)].map(([, value]) => Number(value))).toEqual(
    turns.map((index) => index + 10),
  );
});

test('a client that sends without end and reads nothing is cut off, not kept in memory', async () => {
  const server = await start();
  await server.engine.put(Buffer.from('big'), Buffer.alloc(1024 * 1024));
  const socket = await server.connect();
  socket.pause();
  const ended = new Promise<void>((resolve) => socket.on('error', () => undefined).once('close', resolve));
  const requests = `GET /big HTTP/1.1\r\n${HOST}\r\n`.repeat(5_000);
  socket.write(requests);
  // A paused socket learns of the end only when it writes again.
  const pushing = setInterval(() => socket.write(requests), 50);
  await ended;
  clearInterval(pushing);
  expect(await server.ask('GET', '/_health')).toMatchObject({ status: 200 });
});

test('connections above the limit are closed at once', async () => {
  const server = await start({ http: { connectionsMax: 2 } });
  const held = [await server.connect(), await server.connect()];
  await expect(untilEnd(await server.connect())).resolves.toBe('');
  held[0]?.destroy();
  held[1]?.write(`GET /_health HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`);
  expect(await untilEnd(held[1] as never)).toMatch(/^HTTP\/1\.1 200 /);
});
