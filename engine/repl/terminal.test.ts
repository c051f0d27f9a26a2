import { expect, test } from 'vitest';
import { TestSession } from './repl-test-session.js';
import { runTerminal } from './terminal.js';

const describeError = (error: unknown) => (error as Error).message;

async function start() {
  const test = await TestSession.start();
  const controller = new AbortController();
  const ended = runTerminal(test.session, test.input, test.output, controller.signal, describeError);
  const type = async (line: string) => {
    test.input.write(`${line}\n`);
    await test.untilPrinted('> ');
    return test.printed();
  };
  await test.untilPrinted('> ');
  test.printed();
  return { ...test, session: test.session, input: test.input, type, ended, controller };
}

test('an error is told and the session goes on', async () => {
  const { type, ended, input } = await start();
  expect(await type('putt a 1')).toMatch(/^Expected put, get, .*got putt\.\n/);
  expect(await type('put "" 1')).toMatch(/^Expected .*key.*\n/);
  expect(await type('put a 1')).toBe('ok\nninelives> ');
  expect(await type('get a')).toBe('1\nninelives> ');
  expect(await type('get b')).toBe('not found\nninelives> ');
  input.write('quit\n');
  await ended;
});

test('the end of the input ends it', async () => {
  const { ended, input } = await start();
  input.end();
  await ended;
});

test('a signal ends it at the prompt and in a long command', async () => {
  for (const line of ['', 'fill 1 1000000\n']) {
    const { ended, input, controller, session } = await start();
    input.write(line);
    while (line !== '' && (await session.engine.get(Buffer.from('1'))) === undefined) await session.pause();
    controller.abort();
    await ended;
    expect(await session.engine.get(Buffer.from('1000000'))).toBeUndefined();
  }
});
