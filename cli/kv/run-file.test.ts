import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestServer } from '../../engine/validation/validation-test-server.js';
import { PACKAGE_ROOT } from '../../harness/targets/target.js';
import { CommandPlace } from '../cli-test-run.js';
import { packageWithBufferedWal } from './planted-test-package.js';

let place: CommandPlace;
beforeEach(() => {
  place = new CommandPlace();
});
afterEach(() => {
  place.remove();
});

const BIG_FILE = join(PACKAGE_ROOT, 'scenarios', 'inputs', 'validation-4000.txt');
/** So small that flushes and compactions are under way all the time. */
const TINY = ['--options', '{"memtableEntriesMax":64,"tableEntriesMax":40,"blockBytes":256}'];

function file(...lines: string[]): string {
  writeFileSync(join(place.directory, 'x.txt'), lines.join('\n'));
  return 'x.txt';
}

const runFile = (...words: string[]) => place.run('kv', 'run-file', ...words);

/** A port at which nobody listens. */
async function unusedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('4,000 lines are answered rightly though the server is killed seven times', async () => {
  const { exitCode, stdout, stderr } = await runFile(BIG_FILE, '--directory', 'db', '--kills', '7', ...TINY);
  expect([stdout, exitCode], stderr).toEqual([
    expect.stringMatching(
      /^✓ every answer was right\n3,707 lines run, 1,670 answers checked, [\d,]+ retr\w+, 7 kills, [\d.]+ s$/,
    ),
    0,
  ]);
});

test('kills by time change no answer either', async () => {
  const words = ['--directory', 'db', '--kill-every', '150', '--kills', '3', ...TINY];
  const { exitCode, stdout } = await runFile(BIG_FILE, ...words, '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    file: BIG_FILE,
    end: { kind: 'right' },
    lines: 3_707,
    kills: 3,
  });
});

/** Blocks of puts, each followed by one that reads all that was put so far in any order. */
function growingFile(blocks: number): string {
  const keys = Array.from({ length: blocks * 20 }, (_, index) => `k${index}`);
  return file(
    ...Array.from({ length: blocks }, (_, block) => [
      ...keys.slice(20 * block, 20 * (block + 1)).map((key) => `PUT ${key} v-${key}`),
      'BARRIER',
      ...keys.slice(0, 20 * (block + 1)).map((key) => `GET ${key} v-${key}`),
      'BARRIER',
    ]).flat(),
  );
}

test('a server that loses acknowledged writes when it is killed is found, and the line is named', async () => {
  const command = packageWithBufferedWal(join(place.directory, 'planted'));
  const words = ['kv', 'run-file', growingFile(6), '--durability', 'always', '--directory'];
  const planted = async (...more: string[]) =>
    await execa(process.execPath, [command, ...words, ...more], { cwd: place.directory, reject: false });

  const killed = await planted('db', '--kills', '3');
  expect(killed.stdout).toMatch(/^✗ x\.txt:\d+:\d+: GET (k\d+): expected v-\1, got NOT_FOUND\n/);
  expect(killed.exitCode).toBe(1);
  // Nothing but the kills shows it, and it is the planted bug that they show.
  expect((await planted('db-2')).exitCode).toBe(0);
  expect((await place.run(...words, 'db-3', '--kills', '3')).exitCode).toBe(0);
});

test('a wrong value in the file is named with its line, expected and found', async () => {
  const lines = readFileSync(BIG_FILE, 'utf8').split('\n');
  const wrong = lines.findIndex((line, index) => index > 2_000 && /^GET \S+ v\d+$/.test(line));
  const [, key = '', value = ''] = lines[wrong]?.split(' ') ?? [];
  lines[wrong] = `GET ${key} planted`;
  const { exitCode, stdout } = await runFile(file(...lines), '--directory', 'db', '--kills', '2');
  expect(stdout.split('\n')[0]).toBe(
    `✗ x.txt:${wrong + 1}:${6 + key.length}: GET ${key}: expected planted, got ${value}`,
  );
  expect(exitCode).toBe(1);
});

test('a server that lies once is found', async () => {
  const server = new TestServer();
  const url = await server.listen();
  let gets = 0;
  server.trick = ({ method, url: path = '' }, response) => {
    if (method !== 'GET' || path.startsWith('/_scan')) return false;
    gets += 1;
    if (gets === 500) response.end('a lie');
    return gets === 500;
  };
  const { exitCode, stdout } = await runFile(BIG_FILE, '--url', url.href);
  await server.close();
  expect(stdout).toMatch(/^✗ .*validation-4000\.txt:\d+:\d+: GET \w+: expected .*, got "a lie"\n/);
  expect(exitCode).toBe(1);
});

test('an honest server is right', async () => {
  const server = new TestServer();
  const url = await server.listen();
  const { exitCode, stdout } = await runFile(file('PUT a 1', 'GET a 1'), '--url', url.href);
  await server.close();
  expect(stdout).toMatch(/^✓ every answer was right\n2 lines run, 1 answer checked, 0 retries, 0 kills, /);
  expect(exitCode).toBe(0);
});

test('a server that is not there is waited for, and given up', async () => {
  const url = `http://127.0.0.1:${await unusedPort()}`;
  const { exitCode, stdout } = await runFile(file('', 'PUT a 1'), '--url', url, '--retry-limit', '300');
  expect(stdout).toMatch(
    /^\? x\.txt:2: the server stayed away: connect ECONNREFUSED .*\n0 lines run, 0 answers/,
  );
  expect(exitCode).toBe(3);
});

test('a server that comes later is waited for', async () => {
  const server = new TestServer();
  const port = await unusedPort();
  const running = runFile(file('PUT a 1', 'GET a 1'), '--url', `http://127.0.0.1:${port}`);
  // The client is a process that takes some time to start; whoever comes first, the answers are the same.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await server.listen(port);
  const { exitCode } = await running;
  await server.close();
  expect(exitCode).toBe(0);
});

test.each([
  ['a bad file', ['bad.txt', '--directory', 'db'], 'bad.txt:2:9: expected PUT k v, got "PUT a 1 2"'],
  ['no file', ['none.txt', '--directory', 'db'], 'found nothing'],
  ['a directory for a file', ['.', '--directory', 'db'], 'found something else'],
  ['neither a server nor a directory', ['good.txt'], 'Expected --url or --directory, got neither'],
  ['both', ['good.txt', '--directory', 'db', '--url', 'http://127.0.0.1:1'], 'got both'],
  ['kills of a foreign server', ['good.txt', '--url', 'http://127.0.0.1:1', '--kills', '1'], '--kills'],
  ['a foreign protocol', ['good.txt', '--url', 'https://127.0.0.1:1'], 'Expected the http URL'],
  ['an option out of range', ['good.txt', '--directory', 'db', '--kills', '0'], 'whole number from 1'],
  ['options that the engine does not have', ['good.txt', '--directory', 'db', '--options', '{"a":1}'], '"a"'],
])('%s is wrong use', async (_, words, text) => {
  writeFileSync(join(place.directory, 'bad.txt'), '# fine\nPUT a 1 2\n');
  writeFileSync(join(place.directory, 'good.txt'), 'PUT a 1\n');
  const { exitCode, stdout, stderr } = await runFile(...words);
  expect(stdout + stderr).toContain(text);
  expect(stderr).not.toContain('    at ');
  expect(exitCode).toBe(2);
});

test('a bad file is found before anything is asked', async () => {
  copyFileSync(BIG_FILE, join(place.directory, 'x.txt'));
  writeFileSync(join(place.directory, 'x.txt'), 'nonsense\n', { flag: 'a' });
  const { exitCode, stderr } = await runFile('x.txt', '--directory', 'db');
  expect(stderr).toMatch(/^ninelives: x\.txt:4002:1: expected .*"nonsense"\.$/);
  expect(exitCode).toBe(2);
  expect(place.files()).toEqual(['x.txt']);
});

test('a database that somebody else has open is wrong use', async () => {
  const other = place.start('kv', 'serve', 'db', '--port', '0');
  await new Promise((resolve) => other.stdout.once('data', resolve));
  const { exitCode, stdout } = await runFile(file('PUT a 1'), '--directory', 'db');
  other.kill('SIGTERM');
  await other;
  expect(stdout).toMatch(/^✗ the server ended by itself when it was started, with exit code 2: /);
  expect(exitCode).toBe(2);
});

test('SIGINT ends a client that waits for a server of somebody else', async () => {
  // A server behind which nothing is ever answered, so that the client is surely at work.
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const running = place.start('kv', 'run-file', file('PUT a 1'), '--url', url);
  await new Promise((resolve) => silent.once('request', resolve));
  running.kill('SIGINT');
  const { exitCode, stdout } = await running;
  await new Promise((resolve) => silent.close(resolve));
  expect(stdout).toMatch(/^\? interrupted\n0 lines run/);
  expect(exitCode).toBe(3);
});

test.each<[string, (pid: number) => number]>([
  ['by its process id, as kill(1) does', (pid) => pid],
  ['with its server, as Ctrl-C in a terminal does', (pid) => -pid],
])('a client that is interrupted %s leaves no server behind', async (_, target) => {
  // So many kills that it could not be over yet.
  const words = ['kv', 'run-file', BIG_FILE, '--directory', 'db', '--kills', '1000'];
  const running = place.start(...words);
  const pid = running.pid ?? 0;
  expect(pid).toBeGreaterThan(0);
  await vi.waitFor(() => expect(place.files()).toContain('db/wal'), { timeout: 30_000 });
  process.kill(target(pid), 'SIGINT');
  const { exitCode, stdout, stderr } = await running;
  expect(stdout).toMatch(/^\? interrupted\n/);
  expect(stderr).toContain('SIGINT: ending the server');
  expect(exitCode).toBe(3);
  // The client led a group, in which its server was: it is empty.
  expect(() => process.kill(-pid, 0)).toThrow('ESRCH');
});
