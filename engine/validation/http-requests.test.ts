import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Attempt, HttpRequests } from './http-requests.js';
import { pairLine, TestServer, type Trick } from './validation-test-server.js';
import { parseValidationFile } from './validation-file.js';

let server: TestServer;
let url: URL | undefined;
let requests: HttpRequests;

beforeEach(async () => {
  server = new TestServer();
  url = await server.listen();
  requests = new HttpRequests(() => url, 4);
});
afterEach(async () => {
  requests.close();
  await server.close();
});

async function ask(source: string, signal = new AbortController().signal): Promise<Attempt> {
  const line = parseValidationFile(source, 'x.txt').blocks[0]?.[0];
  if (line === undefined) throw new RangeError('Expected a line.');
  return await requests.attempt(line, signal);
}

function answering(status: number, body = ''): Trick {
  return (_, response) => {
    response.statusCode = status;
    response.end(body);
    return true;
  };
}

test('what is put is got, scanned and deleted', async () => {
  expect(await ask('GET a 1')).toEqual({ kind: 'value', value: null });
  expect(await ask('PUT a 1')).toEqual({ kind: 'done' });
  expect(await ask('PUT b 2')).toEqual({ kind: 'done' });
  expect(await ask('GET a 1')).toEqual({ kind: 'value', value: '1' });
  expect(await ask('SCAN a c a b')).toEqual({ kind: 'keys', keys: ['a', 'b'] });
  expect(await ask('DELETE a')).toEqual({ kind: 'done' });
  expect(await ask('SCAN a c b')).toEqual({ kind: 'keys', keys: ['b'] });
});

test('every byte but letters and digits is percent-encoded', async () => {
  await ask('PUT _scan/é?. 1');
  await ask('SCAN a&b c+d');
  expect(server.requests).toEqual(['PUT /%5Fscan%2F%C3%A9%3F%2E', 'GET /_scan?from=a%26b&to=c%2Bd']);
  expect(await server.value('_scan/\u00c3\u00a9?.')).toBe('1');
});

test('a path of the URL stands before every key', async () => {
  url = new URL('/database/', url);
  await ask('GET a 1');
  expect(server.requests).toEqual(['GET /database/a']);
});

test.each(['PUT a 1', 'GET a 1', 'DELETE a', 'SCAN a b'])('%s: 503 means away', async (source) => {
  server.trick = answering(503, '{"code":"ENGINE_READ_ONLY"}');
  expect(await ask(source)).toEqual({ kind: 'away', why: 'it answers 503: {"code":"ENGINE_READ_ONLY"}' });
});

test.each(['PUT a 1', 'GET a 1', 'DELETE a', 'SCAN a b'])(
  '%s: another status is an answer',
  async (source) => {
    server.trick = answering(500, 'oh\nno');
    expect(await ask(source)).toEqual({ kind: 'refused', what: 'status 500: oh no' });
  },
);

test.each([
  ['PUT a 1', 404],
  ['SCAN a b', 404],
  ['GET a 1', 204],
])('%s cannot be answered with %d', async (source, status) => {
  server.trick = answering(status);
  expect(await ask(source)).toEqual({ kind: 'refused', what: `status ${status}` });
});

test('to delete what is not there is done', async () => {
  server.trick = answering(404);
  expect(await ask('DELETE a')).toEqual({ kind: 'done' });
});

test('a server that cannot be reached is away', async () => {
  await server.close();
  expect(await ask('GET a 1')).toEqual({
    kind: 'away',
    why: expect.stringContaining('ECONNREFUSED') as unknown,
  });
  url = undefined;
  expect(await ask('GET a 1')).toEqual({ kind: 'away', why: 'no server is running' });
});

test.each(['GET a 1', 'SCAN a b a'])('%s: an answer whose end is missing means away', async (source) => {
  server.trick = (_, response) => {
    response.write(source.startsWith('GET') ? '1' : pairLine('a', '1'), () => response.destroy());
    return true;
  };
  expect((await ask(source)).kind).toBe('away');
});

test('a connection that ends without an answer means away', async () => {
  server.trick = (request) => {
    request.socket.destroy();
    return true;
  };
  expect((await ask('PUT a 1')).kind).toBe('away');
});

test('a silent server is waited for until the signal', async () => {
  const controller = new AbortController();
  server.trick = () => {
    controller.abort();
    return true;
  };
  expect((await ask('GET a 1', controller.signal)).kind).toBe('away');
});

test('what is not HTTP is an answer, a wrong one', async () => {
  const other = createServer((socket) => {
    socket.on('error', () => undefined).on('data', () => socket.end('220 mail.example ESMTP\r\n'));
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  url = new URL(`http://127.0.0.1:${(other.address() as { port: number }).port}`);
  expect(await ask('GET a 1')).toEqual({
    kind: 'refused',
    what: expect.stringContaining('not HTTP') as unknown,
  });
  await new Promise((resolve) => other.close(resolve));
});

test('a scan with more keys than expected is not read to its end', async () => {
  server.trick = (_, response) => {
    const more = () => {
      while (response.write(pairLine('a', '1')));
    };
    response.on('drain', more);
    more();
    return true;
  };
  expect(await ask('SCAN a b a')).toEqual({ kind: 'keys', keys: ['a', 'a'] });
});

test('a broken line of a scan is an answer', async () => {
  server.trick = answering(200, '{"error":{}}\n');
  expect(await ask('SCAN a b')).toEqual({
    kind: 'refused',
    what: 'line 1 of the scan is "{\\"error\\":{}}"',
  });
});
