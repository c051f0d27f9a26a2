import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { Engine } from '../index.js';
import { inputOutputError } from '../vfs/faulty-test-vfs.js';
import { answerOf, pairsOf, TestServer, type TestSetup } from './http-test-server.js';

let running: TestServer | undefined;
const start = async (setup: TestSetup = {}) => (running = await TestServer.start(setup));
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

const BIG = 1024 * 1024;

async function putMany(engine: Engine, count: number, valueBytes: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await engine.put(Buffer.from(`k${index}`.padEnd(5, '.')), Buffer.alloc(valueBytes, 'v'));
  }
}

test('a scan gives the pairs that are asked for, in the order of their bytes', async () => {
  const server = await start();
  for (const key of ['b', 'a', 'aa', '\x7f', 'ab', 'c'])
    await server.ask('PUT', `/${encodeURIComponent(key)}`, key);
  const scan = async (query: string) =>
    pairsOf((await server.ask('GET', `/_scan${query}`)).text).map(([key]) => key);
  expect(await scan('')).toEqual(['a', 'aa', 'ab', 'b', 'c', '\x7f']);
  expect(await scan('?from=aa&to=c')).toEqual(['aa', 'ab', 'b']);
  expect(await scan('?prefix=a&limit=2')).toEqual(['a', 'aa']);
  expect(await scan('?reverse=1&to=b')).toEqual(['ab', 'aa', 'a']);
  expect(await scan('?limit=0')).toEqual([]);
});

test('text is readable on request, and what is no text is not lost', async () => {
  const server = await start();
  await server.ask('PUT', '/%C3%A9', Buffer.from([0xff]));
  expect((await server.ask('GET', '/_scan?encoding=utf8')).text).toBe(
    '{"key":"é","value":{"base64":"/w=="}}\n',
  );
});

test('a scan sees the moment at which it began, however slowly it is read', async () => {
  const server = await start();
  await putMany(server.engine, 20, BIG);
  const client = server.open('GET', '/_scan');
  client.end();
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  await putMany(server.engine, 20, 1);
  await server.engine.compact();
  let bytes = 0;
  for await (const chunk of response) bytes += (chunk as Buffer).length;
  expect(bytes).toBeGreaterThan(20 * BIG);
});

test('clients that take nothing of large answers are refused above the limit, and cut off after a while', async () => {
  const server = await start({ http: { heldBytesMax: 4 * BIG, sendTimeoutMs: 1_000 } });
  await putMany(server.engine, 3, 2 * BIG);
  const slow = await Promise.all(
    [1, 2, 3].map(async () => {
      const socket = await server.connect();
      socket.pause();
      socket.write('GET /_scan HTTP/1.1\r\nHost: localhost\r\n\r\n');
      return socket;
    }),
  );
  let answer = await server.ask('GET', '/_scan');
  while (answer.status !== 503) answer = await server.ask('GET', '/_scan');
  expect(answer).toMatchObject({ json: { code: 'HTTP_BUSY' } });
  while (answer.status === 503) answer = await server.ask('GET', '/_scan');
  expect(pairsOf(answer.text)).toHaveLength(3);
  expect(slow).toHaveLength(3);
});

test('the files of a scan whose client went away are let go', async () => {
  const server = await start();
  await putMany(server.engine, 20, BIG);
  await server.engine.flush();
  const client = server.open('GET', '/_scan');
  client.on('error', () => undefined).end();
  await once(client, 'response');
  client.destroy();
  await server.engine.compact();
  // Only what nobody pins is deleted; the server notices the end a moment later.
  const tables = () =>
    readdirSync(server.directory, { recursive: true }).filter((name) => String(name).endsWith('.sst'));
  const named = () => server.engine.stats().levels.reduce((sum, level) => sum + level.tables, 0);
  while (tables().length !== named()) await server.ask('GET', '/_health');
  expect(tables()).toHaveLength(named());
});

test('a scan that fails in the middle says so and does not look complete', async () => {
  let reads = 0;
  let failing = false;
  const server = await start({
    engine: { blockCacheBytes: 0 },
    before: ({ label }) => {
      if (failing && label === 'scan/sst.read' && ++reads > 20) throw inputOutputError();
    },
  });
  await putMany(server.engine, 30, BIG);
  await server.engine.flush();
  // A compaction would meanwhile change which table has how many blocks.
  await server.engine.settled();
  failing = true;
  const client = server.open('GET', '/_scan');
  client.end();
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  let text = '';
  const reading = (async () => {
    for await (const chunk of response) text += (chunk as Buffer).toString('latin1');
  })();
  await expect(reading).rejects.toThrow('aborted');
  expect(text).toMatch(/\n\{"error":\{"code":"ENGINE_IO",.*\}\}\n$/);
});

test('a scan that fails before it sent anything is an error like any other', async () => {
  let failing = false;
  const server = await start({
    engine: { blockCacheBytes: 0 },
    before: ({ kind }) => {
      if (failing && kind === 'read') throw inputOutputError();
    },
  });
  await server.engine.put(Buffer.from('cat'), Buffer.from('nine'));
  await server.engine.flush();
  failing = true;
  const client = server.open('GET', '/_scan');
  expect(await answerOf(client)).toMatchObject({ status: 500, json: { code: 'ENGINE_IO' } });
});
