import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ServerProcess } from './server-process.js';
import { programCommand } from './validation-test-server.js';
import { SYSTEM_WAITS } from './waits.js';

const URL_TEXT = 'http://127.0.0.1:8080';
const STAY = 'setInterval(() => undefined, 1000);';

const start = (script: string) => new ServerProcess(programCommand(script));

test('a server is ready when it says where it listens', async () => {
  const server = start(`console.log('listening on ${URL_TEXT}'); ${STAY}`);
  expect(await server.ready).toEqual(new URL(URL_TEXT));
  expect(await server.kill()).toEqual({ kind: 'killed' });
  expect(await server.end).toEqual({ kind: 'killed' });
});

test('half a URL is none yet', async () => {
  const server = start(
    `process.stdout.write('http://127.0.0.1:8'); setTimeout(() => console.log('080'), 100); ${STAY}`,
  );
  expect(await server.ready).toEqual(new URL(URL_TEXT));
  await server.kill();
});

test('a server that ends before it listens is never ready, and what it said is kept', async () => {
  const server = start(`console.error('no room'); process.exitCode = 3;`);
  expect(await server.ready).toBeUndefined();
  expect(await server.end).toEqual({ kind: 'exit', code: 3, stderr: 'no room' });
});

test('a server that ended by itself was not killed', async () => {
  const server = start(`process.exitCode = 0;`);
  await server.end;
  expect(await server.kill()).toEqual({ kind: 'exit', code: 0, stderr: '' });
});

test('a signal from elsewhere is told from ours', async () => {
  const server = start(`process.kill(process.pid, 'SIGKILL');`);
  expect(await server.end).toEqual({ kind: 'signal', signal: 'SIGKILL' });
});

test('a server that ends on SIGTERM is stopped', async () => {
  const server = start(`process.on('SIGTERM', () => process.exit(0)); console.log('${URL_TEXT}'); ${STAY}`);
  await server.ready;
  expect(await server.stop(SYSTEM_WAITS, 60_000)).toEqual({ kind: 'stopped' });
});

test('a server that fails on SIGTERM is not', async () => {
  const server = start(
    `process.on('SIGTERM', () => { console.error('lost'); process.exit(4); }); console.log('${URL_TEXT}'); ${STAY}`,
  );
  await server.ready;
  expect(await server.stop(SYSTEM_WAITS, 60_000)).toEqual({ kind: 'exit', code: 4, stderr: 'lost' });
});

test('a server that does not end on SIGTERM is ended by force', async () => {
  const server = start(`process.on('SIGTERM', () => undefined); console.log('${URL_TEXT}'); ${STAY}`);
  await server.ready;
  expect(await server.stop(SYSTEM_WAITS, 50)).toEqual({ kind: 'stuck' });
});

test('a server is gone when the process that started it has exited', async () => {
  // A program that starts one, says which it is, and exits without a word to it.
  const path = join(import.meta.dirname, '..', '..', 'dist', 'engine', 'validation', 'server-process.js');
  const script = `
    const { ServerProcess } = await import(${JSON.stringify(path)});
    const script = 'console.log("${URL_TEXT}", process.pid); ${STAY}';
    const server = new ServerProcess([process.execPath, '--eval', script]);
    const url = await server.ready;
    console.log(url.href, server.pid);
    process.exit(3);`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script]);
  const pid = Number(/ (\d+)$/m.exec(stdout.toString())?.[1]);
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 10_000 });
});

test('a program that cannot be started ends with the reason', async () => {
  const server = new ServerProcess(['/nowhere/to/be/found']);
  expect(await server.ready).toBeUndefined();
  expect(await server.end).toMatchObject({
    kind: 'exit',
    stderr: expect.stringContaining('ENOENT') as unknown,
  });
});
