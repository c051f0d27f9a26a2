import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KvPlace } from './kv-test-place.js';

let place: KvPlace;
beforeEach(() => (place = new KvPlace()));
afterEach(() => place.remove());

const base64 = (text: string) => Buffer.from(text).toString('base64');
const put = (key: string, value: string) => `{"key":"${base64(key)}","value":"${base64(value)}"}`;

test('lines from standard input make a database, and it says what it did', async () => {
  const loaded = await place.kvWithInput(
    `${put('b', '2')}\n\n${put('a', '1')}\r\n${put('a', '3')}`,
    'load',
    'db',
  );
  expect(loaded.stderr).toBe('');
  expect([loaded.exitCode, loaded.stdout]).toEqual([0, 'loaded 3 lines (3 puts, 0 deletes) into db']);
  const { stdout } = await place.kv('dump', 'db');
  expect(stdout).toBe(`${put('a', '3')}\n${put('b', '2')}`);
});

test('a database that holds a pair is refused with exit code 2, and keeps what it holds', async () => {
  await place.kvWithInput(put('a', '1'), 'load', 'db');
  const { exitCode, stdout, stderr } = await place.kvWithInput(put('b', '2'), 'load', 'db');
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/found one that holds "a"; nothing was loaded: .*--merge/);
  expect((await place.kv('dump', 'db')).stdout).toBe(put('a', '1'));
});

test('with --merge a line replaces what is there under its key, and the rest stays', async () => {
  await place.kvWithInput([put('a', '1'), put('b', '2'), put('c', '3')].join('\n'), 'load', 'db');
  const lines = [put('b', 'new'), `{"key":"${base64('c')}","delete":true}`].join('\n');
  const { exitCode, stdout } = await place.kvWithInput(lines, 'load', 'db', '--merge', '--flush');
  expect([exitCode, stdout]).toEqual([0, 'loaded 2 lines (1 put, 1 delete) into db, over what it held']);
  expect((await place.kv('dump', 'db')).stdout).toBe(`${put('a', '1')}\n${put('b', 'new')}`);
});

test.each<[string, string, RegExp]>([
  ['no JSON', 'nine lives', /line 3: expected a JSON object, got "nine lives"/],
  ['no base64', '{"key":"?","value":""}', /line 3: expected key to be base64, got "\?"/],
  ['an empty key', '{"key":"","value":""}', /line 3: expected key to have 1 to 65535 bytes, got 0/],
  [
    'a field that nobody knows',
    '{"key":"YQ==","valve":""}',
    /line 3: expected key and value, or key and delete, got "valve"/,
  ],
  ['an escape sequence', '\u001b[31m', /line 3: expected a JSON object, got "\\u001b\[31m"/],
])(
  'a line with %s ends it with its number and exit code 2; what came before stays',
  async (_, line, sentence) => {
    const input = [put('a', '1'), '', line, put('z', '9')].join('\n');
    const loaded = await place.kvWithInput(input, 'load', 'db', '--json');
    expect(loaded.exitCode).toBe(2);
    expect(loaded.stderr).toMatch(sentence);
    expect(loaded.stderr).toMatch(/; 1 line \(1 put, 0 deletes\) before it were loaded and stay$/);
    expect(loaded.stderr).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(loaded.stdout)).toEqual({
      kind: 'load',
      lines: 1,
      puts: 1,
      deletes: 0,
      complete: false,
      badLine: 3,
    });
    expect((await place.kv('dump', 'db')).stdout).toBe(put('a', '1'));
  },
);

test('bytes that are no UTF-8 are named by their line, too', async () => {
  const { exitCode, stderr } = await place.kvWithInput(Buffer.from([0xff, 0x0a]), 'load', 'db');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/line 1: expected UTF-8, got other bytes/);
});

test('a file that cannot be read is wrong use, and no database is made for it', async () => {
  mkdirSync(place.path('folder'));
  for (const file of ['gone', 'folder', 'x'.repeat(300)]) {
    const { exitCode, stdout, stderr } = await place.kv('load', 'db', file);
    expect([file, exitCode, stdout, stderr.split('\n').length]).toEqual([file, 2, '', 1]);
    expect(stderr).toMatch(/Expected /);
  }
  expect(existsSync(place.path('db'))).toBe(false);
});

test('a database that another process has open is refused, and so is what is no database', async () => {
  const engine = await place.open('db');
  const locked = await place.kvWithInput(put('a', '1'), 'load', 'db', '--merge');
  expect([locked.exitCode, locked.stdout, locked.stderr.split('\n').length]).toEqual([2, '', 1]);
  await engine.close();
  writeFileSync(place.path('file'), 'keep me');
  const other = await place.kvWithInput(put('a', '1'), 'load', 'file');
  expect([other.exitCode, other.stdout, other.stderr.split('\n').length]).toEqual([2, '', 1]);
});
