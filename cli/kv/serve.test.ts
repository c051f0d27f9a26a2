import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommandPlace } from '../cli-test-run.js';

let place: CommandPlace;
let children: ReturnType<CommandPlace['start']>[];
beforeEach(() => {
  place = new CommandPlace();
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children);
  place.remove();
});

/** A real server in a process of its own; gives its URL as a program would read it. */
async function serve(...words: readonly string[]) {
  const child = place.start('kv', 'serve', 'cats', '--port', '0', ...words);
  children.push(child);
  let printed = '';
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    if (printed.includes('\n')) break;
  }
  const [, url] = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(printed) ?? [];
  if (url === undefined) throw new Error(`Expected the address, got ${JSON.stringify(printed)}.`);
  return { child, url };
}

test.each(['always', 'os'])(
  'what was acknowledged before a SIGKILL is there after a restart (%s)',
  async (durability) => {
    const acknowledged = new Map<string, string>();
    for (let life = 0; life < 3; life++) {
      const { child, url } = await serve(
        '--durability',
        durability,
        '--options',
        '{"memtableEntriesMax":50}',
      );
      for (const [key, value] of acknowledged) {
        expect(await (await fetch(`${url}/${key}`)).text(), key).toBe(value);
      }
      const killAt = 100 + 37 * life;
      let answered = 0;
      const client = async (name: number) => {
        for (let count = 0; ; count++) {
          const [key, value] = [`${name}-${count % 40}`, `${life}.${count}`];
          // What is in flight at the kill may be there or not.
          const before = acknowledged.get(key);
          acknowledged.delete(key);
          const answer = await fetch(`${url}/${key}`, { method: 'PUT', body: value }).catch(() => undefined);
          if (answer === undefined) return before;
          expect(answer.ok).toBe(true);
          acknowledged.set(key, value);
          if (++answered === killAt) child.kill('SIGKILL');
        }
      };
      await Promise.all([0, 1, 2, 3].map(client));
      expect((await child).signal).toBe('SIGKILL');
    }
    expect(acknowledged.size).toBeGreaterThan(50);
    const { url } = await serve();
    for (const [key, value] of acknowledged) {
      expect(await (await fetch(`${url}/${key}`)).text(), key).toBe(value);
    }
  },
  60_000,
);

test('SIGTERM while requests run: what is in flight is answered, the database is closed, the exit code is 0', async () => {
  const { child, url } = await serve('--durability', 'always');
  const slow = connect(Number(new URL(url).port), '127.0.0.1');
  await once(slow, 'connect');
  slow.write('PUT /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nni');
  // An answer to another request says that the first two bytes have arrived.
  await fetch(`${url}/_health`);
  child.kill('SIGTERM');
  await once(child.stderr, 'data');
  let answer = '';
  slow.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
  slow.write('ne');
  await once(slow, 'close');
  expect(answer).toMatch(/^HTTP\/1\.1 201 /);
  const { exitCode, stderr } = await child;
  expect([exitCode, stderr]).toEqual([0, 'ninelives: SIGTERM: finishing what is in flight']);
  const again = await serve();
  expect(await (await fetch(`${again.url}/slow`)).text()).toBe('nine');
});

test('SIGTERM under load: every answer that came was true', async () => {
  const { child, url } = await serve('--durability', 'always');
  const acknowledged: string[] = [];
  const client = async (name: number) => {
    for (let count = 0; ; count++) {
      const key = `${name}-${count}`;
      const answer = await fetch(`${url}/${key}`, { method: 'PUT', body: key }).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.ok) acknowledged.push(key);
      if (acknowledged.length === 100) child.kill('SIGTERM');
    }
  };
  await Promise.all([0, 1, 2, 3].map(client));
  expect((await child).exitCode).toBe(0);
  const again = await serve();
  for (const key of acknowledged) expect(await (await fetch(`${again.url}/${key}`)).text()).toBe(key);
});

test('a port in use is one sentence and exit code 2', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { exitCode, stderr, stdout } = await place.run('kv', 'serve', 'cats', '--port', `${port}`);
  other.close();
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(
    new RegExp(`^ninelives: Expected to listen on 127\\.0\\.0\\.1 port ${port}, got: .*\\.$`),
  );
});

test('a second server on one database is one sentence and exit code 2', async () => {
  await serve();
  const { exitCode, stderr } = await place.run('kv', 'serve', 'cats', '--port', '0');
  expect([exitCode, stderr.split('\n').length]).toEqual([2, 1]);
  expect(stderr).toMatch(/^ninelives: Expected a database that nobody else has open, got: /);
});

test.each([
  ['--host', '0.0.0.0'],
  ['--limits', '{"valueBytesMax":-1}'],
  ['--limits', '{"port":1}x'],
  ['--limits', '{"valuesMax":1}'],
  ['--port', '65536'],
  ['--durability', 'never'],
  ['--options', '[]'],
])('%s %s is one sentence and exit code 2, and makes no database', async (...words) => {
  const { exitCode, stderr, stdout } = await place.run('kv', 'serve', 'cats', ...words);
  expect([exitCode, stdout, stderr.split('\n').length]).toEqual([2, '', 1]);
  expect(readdirSync(place.directory)).toEqual([]);
});

test('nobody who listens to its output is no reason to end', async () => {
  const { child, url } = await serve();
  child.stdout.destroy();
  child.stderr.destroy();
  expect((await fetch(`${url}/_health`)).status).toBe(200);
  child.kill('SIGTERM');
  expect((await child).exitCode).toBe(0);
});
