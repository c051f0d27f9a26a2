import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KvPlace } from './kv-test-place.js';

let place: KvPlace;
beforeEach(() => (place = new KvPlace()));
afterEach(() => place.remove());

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('what was dumped and loaded is dumped as the same bytes, keys that are no text and an empty value, too', async () => {
  const engine = await place.open('db', { compression: 'deflate', bloomKind: 'blocked' });
  for (let byte = 0; byte < 256; byte++)
    await engine.put(Buffer.from([byte, 255 - byte]), Buffer.alloc(byte, byte));
  await engine.delete(Buffer.from([7, 248]));
  await engine.close();
  const dumped = await place.kv('dump', 'db');
  expect([dumped.exitCode, dumped.stderr]).toEqual([0, '']);
  expect(dumped.stdout.split('\n')).toHaveLength(255);
  expect(dumped.stdout.split('\n')[0]).toBe('{"key":"AP8=","value":""}');
  writeFileSync(place.path('pairs.ndjson'), dumped.stdout);
  expect((await place.kv('load', 'copy', 'pairs.ndjson')).exitCode).toBe(0);
  expect((await place.kv('dump', 'copy')).stdout).toBe(dumped.stdout);
});

test.each<[readonly string[], readonly string[]]>([
  [['--limit', '1'], ['a']],
  [
    ['--reverse', '--limit', '2'],
    ['c', 'bb'],
  ],
  [
    ['--prefix', base64('b')],
    ['b', 'bb'],
  ],
  [
    ['--gte', base64('b'), '--lt', base64('c')],
    ['b', 'bb'],
  ],
])('%j gives %j', async (words, keys) => {
  const engine = await place.open('db');
  for (const key of ['a', 'b', 'bb', 'c']) await engine.put(Buffer.from(key), Buffer.from('v'));
  await engine.close();
  const { stdout } = await place.kv('dump', 'db', ...words);
  expect(stdout.split('\n')).toEqual(keys.map((key) => `{"key":"${base64(key)}","value":"dg=="}`));
});

test('damage ends it with exit code 1, and file and offset on stderr', async () => {
  await place.make('db');
  const table =
    (readdirSync(place.path('db'), { recursive: true }) as string[]).find((path) => path.endsWith('.sst')) ??
    '';
  const bytes = readFileSync(place.path('db', table));
  bytes[3] = (bytes[3] ?? 0) ^ 1;
  writeFileSync(place.path('db', table), bytes);
  const { exitCode, stderr } = await place.kv('dump', 'db');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(new RegExp(`^ninelives: ${table} at byte 0: the block does not match its checksum`));
  expect(stderr.split('\n')).toHaveLength(1);
});

test.each<[string, readonly string[], RegExp]>([
  ['a key that is no base64', ['--gte', 'not base64'], /Expected base64 with its padding/],
  [
    'a prefix and a bound',
    ['--prefix', 'YQ==', '--lt', 'Yg=='],
    /either --prefix, or --gte and --lt, got both/,
  ],
  ['half a pair as limit', ['--limit', '0.5'], /Expected a whole number/],
])('%s is one sentence and exit code 2', async (_, words, sentence) => {
  await place.make('db');
  const { exitCode, stdout, stderr } = await place.kv('dump', 'db', ...words);
  expect([exitCode, stdout, stderr.split('\n').length]).toEqual([2, '', 1]);
  expect(stderr).toMatch(sentence);
});
