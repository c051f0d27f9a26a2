import { expect, test } from 'vitest';
import { TestSession } from './repl-test-session.js';
import { runScript } from './script.js';

async function run(script: string, options = {}) {
  const test = await TestSession.start(options);
  test.input.end(Buffer.from(script, 'latin1'));
  const end = await runScript(test.session, test.input, test.output, new AbortController().signal);
  return { ...test, end, printed: test.printed(), engine: test.session.engine };
}

test('a script does what it says, line by line, and prints only answers', async () => {
  const script = [
    '# nine lives',
    'put cat nine',
    'get cat',
    'put "a b" "\\u00ff"',
    'scan',
    'batch put dog one del cat',
    '',
    'get cat',
    'scan --limit 1 --reverse',
    'del dog',
    'flush',
    'compact',
    'dump',
    'put empty ""',
    'get empty',
  ];
  const { printed, end } = await run(script.join('\n'));
  expect(end).toEqual({ kind: 'done' });
  expect(printed.split('\n')).toEqual([
    'ok',
    'nine',
    'ok',
    '"a b" "\\u00ff"',
    'cat nine',
    '(2 pairs)',
    'ok',
    'not found',
    'dog one',
    '(1 pair)',
    'ok',
    'ok',
    'ok',
    '{"key":"YSBi","value":"/w=="}',
    'ok',
    '""',
    '',
  ]);
});

test('fill writes every number of its range, and tells one fill from another', async () => {
  const { engine, printed } = await run('fill 5 1204\nfill 7 7\n', { memtableEntriesMax: 100 });
  expect(printed).toContain('ok, 1200 written, 5 to 1204 with values like value5@1\n');
  const valueOf = async (key: string) => Buffer.from((await engine.get(Buffer.from(key))) ?? []).toString();
  expect([await valueOf('5'), await valueOf('7'), await valueOf('1204')]).toEqual([
    'value5@1',
    'value7@2',
    'value1204@1',
  ]);
  expect(await engine.scan().nextMany(2_000)).toHaveLength(1_200);
});

test('the first line that fails ends the script and is named; what came before it stays', async () => {
  const { end, engine } = await run('put a 1\n# a comment counts\nputt b 2\nput c 3\n');
  expect(end).toMatchObject({ kind: 'failed', line: 3, error: { code: 'REPL_UNKNOWN_COMMAND' } });
  expect(await engine.get(Buffer.from('a'))).toBeDefined();
  expect(await engine.get(Buffer.from('c'))).toBeUndefined();
});

test('an error of the engine ends the script, too', async () => {
  expect((await run('put "" 1')).end).toMatchObject({
    kind: 'failed',
    line: 1,
    error: { code: 'ENGINE_INVALID_ARGUMENT' },
  });
});

test('bytes that are not UTF-8 end the script before anything is written', async () => {
  const { end, engine } = await run('put a\xff 1\n');
  expect(end).toMatchObject({ kind: 'failed', line: 1, error: { code: 'REPL_BAD_LINE' } });
  expect(await engine.scan().nextMany(1)).toEqual([]);
});

test('quit ends the script before the lines behind it', async () => {
  const { end, engine } = await run('quit\nput a 1\n');
  expect(end).toEqual({ kind: 'done' });
  expect(await engine.get(Buffer.from('a'))).toBeUndefined();
});

test('a signal ends it while it waits, and in the middle of a long command', async () => {
  for (const script of ['put a 1\n', 'put a 1\nfill 1 1000000\n']) {
    const { session, input, output, ...rest } = await TestSession.start();
    void rest;
    const controller = new AbortController();
    const end = runScript(session, input, output, controller.signal);
    input.write(script);
    while ((await session.engine.get(Buffer.from('a'))) === undefined) await session.pause();
    controller.abort();
    expect(await end).toMatchObject({ kind: 'interrupted' });
    expect(await session.engine.get(Buffer.from('1000000'))).toBeUndefined();
  }
});

test('an output that nobody reads any more ends it without an error, and lets the scan go', async () => {
  const { session, input, output } = await TestSession.start();
  for (let key = 0; key < 50; key++) await session.engine.put(Buffer.from(`${key}`), Buffer.alloc(10_000));
  output.removeAllListeners('data').pause();
  const end = runScript(session, input, output, new AbortController().signal);
  input.end('scan\nput after 1\n');
  while (output.readableLength === 0) await new Promise((resolve) => setImmediate(resolve));
  output.destroy();
  expect(await end).toEqual({ kind: 'done' });
  expect(await session.engine.get(Buffer.from('after'))).toBeUndefined();
});
