import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { KilledServer, type KillPlan, type ServerDeath } from './killed-server.js';
import { type ServerEnd, ServerProcess } from './server-process.js';
import { programCommand, serveCommand } from './validation-test-server.js';
import { SYSTEM_WAITS } from './waits.js';

let directory: string;
let ends: Promise<ServerEnd>[];
let deaths: ServerDeath[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ninelives-killed-server-'));
  ends = [];
  deaths = [];
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Draws the middle of every range, so that no start is struck; `draws` come first. */
function server(
  plan: KillPlan,
  { command = serveCommand(join(directory, 'db')), draws = [] as number[] } = {},
): KilledServer {
  return new KilledServer({
    start: () => {
      const started = new ServerProcess(command);
      ends.push(started.end);
      return started;
    },
    plan,
    below: (limit) => draws.shift() ?? limit >> 1,
    waits: SYSTEM_WAITS,
    onDeath: (death) => deaths.push(death),
  });
}

async function kindsOfEnds(): Promise<string[]> {
  return (await Promise.all(ends)).map(({ kind }) => kind);
}

const until = (condition: () => boolean) =>
  vi.waitFor(() => expect(condition()).toBe(true), { timeout: 30_000, interval: 5 });

test('without kills there is one life, ended by SIGTERM', async () => {
  const killed = server({ kind: 'none' });
  await until(() => killed.url !== undefined);
  await killed.finish();
  expect(await kindsOfEnds()).toEqual(['stopped']);
  expect([killed.kills, killed.url, deaths]).toEqual([0, undefined, []]);
});

test('a kill comes when its line is answered, and not before', async () => {
  const killed = server({ kind: 'count', kills: 2, lines: 100 }, { draws: [70, 30] });
  await until(() => killed.url !== undefined);
  const first = killed.url;
  killed.answered(29);
  await SYSTEM_WAITS.wait(50, new AbortController().signal);
  expect(killed.kills).toBe(0);
  killed.answered(30);
  await until(() => killed.kills === 1 && killed.url !== undefined);
  expect(killed.url).not.toEqual(first);
  killed.answered(70);
  await until(() => killed.kills === 2);
  await killed.finish();
  expect(await kindsOfEnds()).toEqual(['killed', 'killed', 'stopped']);
});

test('kills whose lines were passed meanwhile still come before the end', async () => {
  const killed = server({ kind: 'count', kills: 5, lines: 100 });
  await killed.finish();
  expect(await kindsOfEnds()).toEqual([...Array.from({ length: 5 }, () => 'killed'), 'stopped']);
  expect(killed.kills).toBe(5);
});

test('a kill may strike while the server starts, and is one of those that were asked for', async () => {
  // Two moments, a delay, yes, after 0 ms, and then there is none left.
  const killed = server({ kind: 'count', kills: 2, lines: 100 }, { draws: [1, 2, 0, 0, 0] });
  await until(() => killed.url !== undefined);
  killed.answered(1);
  await until(() => killed.kills === 2);
  await killed.finish();
  expect(await kindsOfEnds()).toEqual(['killed', 'killed', 'stopped']);
});

test('kills by time come as often as allowed', async () => {
  const killed = server({ kind: 'every', everyMs: 20, killsMax: 3 });
  await until(() => killed.kills === 3);
  await killed.finish();
  expect(await kindsOfEnds()).toEqual(['killed', 'killed', 'killed', 'stopped']);
});

test('kills by time end with the file', async () => {
  const killed = server({ kind: 'every', everyMs: 3_600_000, killsMax: Infinity });
  await until(() => killed.url !== undefined);
  await killed.finish();
  expect(await kindsOfEnds()).toEqual(['stopped']);
});

test('an abandoned server is gone, whatever was due', async () => {
  const killed = server({ kind: 'count', kills: 100, lines: 100 });
  await until(() => killed.url !== undefined);
  killed.answered(100);
  await until(() => killed.kills > 0);
  await killed.abandon();
  expect((await kindsOfEnds()).every((kind) => kind === 'killed')).toBe(true);
  expect(killed.url).toBeUndefined();
  expect(deaths).toEqual([]);
});

test('a server that ends by itself while it serves has died', async () => {
  const script = `console.log('http://127.0.0.1:8080'); setTimeout(() => process.exit(7), 50);`;
  const killed = server({ kind: 'none' }, { command: programCommand(script) });
  await until(() => deaths.length > 0);
  await killed.finish();
  expect(deaths).toEqual([{ end: { kind: 'exit', code: 7, stderr: '' }, kills: 0, wasReady: true }]);
});

test('a server that does not open again after a kill has died', async () => {
  const script = `
    import { mkdirSync } from 'node:fs';
    mkdirSync(${JSON.stringify(join(directory, 'once'))});
    console.log('http://127.0.0.1:8080');
    setInterval(() => undefined, 1000);`;
  const killed = server({ kind: 'count', kills: 1, lines: 10 }, { command: programCommand(script) });
  await killed.finish();
  expect(deaths).toMatchObject([{ end: { kind: 'exit', code: 1 }, kills: 1, wasReady: false }]);
});

test('a server that somebody else kills was not killed by us', async () => {
  const script = `console.log('http://127.0.0.1:8080'); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50);`;
  const killed = server({ kind: 'none' }, { command: programCommand(script) });
  await until(() => deaths.length > 0);
  await killed.finish();
  expect(deaths).toEqual([{ end: { kind: 'signal', signal: 'SIGKILL' }, kills: 0, wasReady: true }]);
});
