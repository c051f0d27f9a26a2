import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KillPlan } from './killed-server.js';
import { runFile, type RunFileOptions, type ServerPlace } from './run-file.js';
import { ServerProcess } from './server-process.js';
import { programCommand, serveCommand, TestServer } from './validation-test-server.js';
import { parseValidationFile } from './validation-file.js';
import { SYSTEM_WAITS } from './waits.js';

let server: TestServer;
let there: ServerPlace;
let directory: string;

beforeEach(async () => {
  server = new TestServer();
  there = { kind: 'there', url: await server.listen() };
  directory = mkdtempSync(join(tmpdir(), 'ninelives-run-file-'));
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const run = (lines: readonly string[], options: Partial<RunFileOptions> = {}) =>
  runFile(parseValidationFile(lines.join('\n'), 'x.txt'), {
    server: there,
    concurrency: 4,
    retryLimitMs: 60_000,
    waits: SYSTEM_WAITS,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...options,
  });

function own(command: () => [string, ...string[]], plan: KillPlan): ServerPlace {
  return { kind: 'own', start: () => new ServerProcess(command()), plan, below: (limit) => limit >> 1 };
}

const keeping = () => serveCommand(join(directory, 'db'));

/** Puts, each of which is read again in the next block together with a scan of all. */
const LINES = Array.from({ length: 40 }, (_, index) => [
  `PUT k${index + 10} v${index}`,
  `DELETE gone${index}`,
  'BARRIER',
  `GET k${index + 10} v${index}`,
  `GET gone${index} NOT_FOUND`,
  `SCAN k l ${Array.from({ length: index + 1 }, (_, key) => `k${key + 10}`).join(' ')}`,
  'BARRIER',
]).flat();

const SMALL = ['PUT a 1', 'GET a 1', 'SCAN a b a', 'DELETE a', 'GET a NOT_FOUND'];

test('a file whose answers are all right is right', async () => {
  expect(await run(SMALL)).toEqual({
    end: { kind: 'right' },
    lines: 5,
    answersChecked: 3,
    retries: 0,
    kills: 0,
  });
});

test('the first wrong answer is named, and nothing after it is asked', async () => {
  const outcome = await run(['PUT a 1', 'GET a 1', 'GET a 2 | NOT_FOUND', 'PUT b 1']);
  expect(outcome).toMatchObject({
    end: {
      kind: 'wrong',
      wrong: { line: 3, column: 7, request: 'GET a', expected: '2 or NOT_FOUND', got: '1' },
    },
    lines: 2,
    answersChecked: 1,
  });
  expect(server.requests).toHaveLength(3);
});

test.each([
  ['says that a key is not there', 'GET a 1', 404, ''],
  ['gives another value', 'GET a 1', 200, '2'],
  ['gives a value of a deleted key', 'GET b NOT_FOUND', 200, '1'],
  ['leaves a key out of a scan', 'SCAN a z a', 200, ''],
  ['refuses a write', 'PUT c 1', 500, ''],
])('a server that %s is found', async (_, line, status, body) => {
  let honest = 1;
  server.trick = (_request, response) => {
    if (honest-- > 0) return false;
    response.statusCode = status;
    response.end(body);
    return true;
  };
  expect(await run(['PUT a 1', line])).toMatchObject({ end: { kind: 'wrong', wrong: { line: 2 } } });
});

test('a server that is away now and then is asked again', async () => {
  let count = 0;
  server.trick = (request, response) => {
    count += 1;
    if (count % 3 === 1) request.socket.destroy();
    if (count % 3 === 2) response.writeHead(503).end();
    return count % 3 !== 0;
  };
  expect(await run(SMALL)).toMatchObject({ end: { kind: 'right' }, lines: 5, retries: 10 });
});

test('a server that stays away is given up', async () => {
  server.trick = (_, response) => {
    response.writeHead(503).end('{"code":"ENGINE_READ_ONLY"}');
    return true;
  };
  expect(await run(SMALL, { retryLimitMs: 100 })).toMatchObject({
    end: { kind: 'away', line: 1, why: 'it answers 503: {"code":"ENGINE_READ_ONLY"}' },
    lines: 0,
  });
});

test('a server that says nothing is given up', async () => {
  server.trick = () => true;
  expect((await run(SMALL, { retryLimitMs: 100 })).end).toEqual({
    kind: 'away',
    line: 1,
    why: 'it did not answer',
  });
});

test('kills of a server that keeps what it acknowledges change no answer', async () => {
  const outcome = await run(LINES, { server: own(keeping, { kind: 'count', kills: 6, lines: 200 }) });
  expect(outcome).toMatchObject({ end: { kind: 'right' }, lines: 200, answersChecked: 120, kills: 6 });
  expect(outcome.retries).toBeGreaterThan(0);
});

test('without kills nothing is asked twice, not even while the server starts', async () => {
  const outcome = await run(LINES, { server: own(keeping, { kind: 'none' }) });
  expect(outcome).toMatchObject({ end: { kind: 'right' }, lines: 200, retries: 0, kills: 0 });
});

test('kills of a server that forgets are found', async () => {
  let lives = 0;
  const fresh = () => serveCommand(join(directory, `db-${lives++}`));
  const outcome = await run(LINES, { server: own(fresh, { kind: 'count', kills: 1, lines: 200 }) });
  expect(outcome.end.kind).toBe('wrong');
  expect(outcome.lines).toBeGreaterThan(50);
});

test('a server that dies by itself ends the run', async () => {
  const script = `console.error('out of luck'); process.exitCode = 5;`;
  expect(await run(SMALL, { server: own(() => programCommand(script), { kind: 'none' }) })).toMatchObject({
    end: { kind: 'died', death: { end: { kind: 'exit', code: 5, stderr: 'out of luck' }, wasReady: false } },
    lines: 0,
  });
});

test('an interrupted run ends its server', async () => {
  const controller = new AbortController();
  const servers: ServerProcess[] = [];
  const start = () => {
    const process = new ServerProcess(keeping());
    servers.push(process);
    return process;
  };
  const { end, lines } = await run(LINES, {
    server: { kind: 'own', start, plan: { kind: 'none' }, below: () => 0 },
    signal: controller.signal,
    onProgress: (progress) => {
      if (progress.lines === 20) controller.abort();
    },
  });
  expect(end).toEqual({ kind: 'interrupted' });
  expect(lines).toBeGreaterThanOrEqual(20);
  expect(lines).toBeLessThan(200);
  expect(await Promise.all(servers.map(async ({ end }) => await end))).toEqual([{ kind: 'killed' }]);
});

test('progress counts what has happened', async () => {
  const seen: number[] = [];
  await run(SMALL, { onProgress: ({ lines }) => seen.push(lines) });
  expect(seen).toEqual([1, 2, 3, 4, 5]);
});
