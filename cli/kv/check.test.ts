import { readdirSync, readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Finding } from '../../engine/inspect/finding.js';
import { KvPlace } from './kv-test-place.js';

let place: KvPlace;
beforeEach(() => (place = new KvPlace()));
afterEach(() => place.remove());

/** Paths below a database, by what they end or begin with. */
function filesOf(name: string, pattern: RegExp): readonly string[] {
  return (readdirSync(place.path(name), { recursive: true }) as string[])
    .filter((path) => pattern.test(path))
    .sort();
}

function flip(path: string, offset: number): void {
  const bytes = readFileSync(path);
  bytes[offset] = (bytes[offset] ?? 0) ^ 0x10;
  writeFileSync(path, bytes);
}

test('a sound database is exit code 0 and a summary, in either form', async () => {
  await place.make('db', { compression: 'deflate', bloomKind: 'blocked', blockBytes: 1_024 });
  const text = await place.kv('check', 'db');
  expect(text.exitCode).toBe(0);
  expect(text.stdout.split('\n').at(-1)).toMatch(
    /^sound: db: 0 faults, 0 warnings, \d+ notes?; read \d+ tables/,
  );
  const json = await place.kv('check', 'db', '--json');
  expect(JSON.parse(json.stdout.split('\n').at(-1) ?? '')).toMatchObject({
    kind: 'summary',
    sound: true,
    faults: 0,
  });
});

test('every fault is a line with file and offset, and the exit code is 1', async () => {
  await place.make('db');
  const [first = '', second = ''] = filesOf('db', /\.sst$/);
  const [bloom = ''] = filesOf('db', /\.bloom$/);
  flip(place.path('db', first), 5);
  truncateSync(place.path('db', second), 20);
  unlinkSync(place.path('db', bloom));
  const text = await place.kv('check', 'db');
  expect([text.exitCode, text.stderr]).toEqual([1, '']);
  expect(text.stdout).toContain(`fault    ${first} at byte 0: the block does not match its checksum\n`);
  expect(text.stdout).toMatch(
    new RegExp(`^fault    ${second} at byte 20: expected \\d+ bytes, found 20$`, 'm'),
  );
  expect(text.stdout).toContain(
    `warning  ${bloom} at byte 0: the filter is missing; recovery makes it anew\n`,
  );
  expect(text.stdout.split('\n').at(-1)).toMatch(/^NOT SOUND: db: /);
  const json = await place.kv('check', 'db', '--json');
  const findings = json.stdout.split('\n').map((line) => JSON.parse(line) as Finding);
  expect(json.exitCode).toBe(1);
  expect(findings).toContainEqual(expect.objectContaining({ kind: 'fault', file: first, offset: 0 }));
  expect(findings).toContainEqual(expect.objectContaining({ kind: 'fault', file: second, offset: 20 }));
  expect(findings.at(-1)).toMatchObject({ kind: 'summary', sound: false });
});

test('findings above --max are counted and not printed', async () => {
  await place.make('db');
  for (const path of filesOf('db', /\.sst$/)) flip(place.path('db', path), 5);
  const { stdout, exitCode } = await place.kv('check', 'db', '--max', '1');
  const lines = stdout.split('\n');
  expect(exitCode).toBe(1);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^\d+ findings? more, not printed; see --max$/);
});

test.each<[string, (bytes: Buffer) => Buffer]>([
  ['nothing', () => Buffer.alloc(0)],
  ['zeros', (bytes) => Buffer.alloc(bytes.length)],
  ['ones', (bytes) => Buffer.alloc(bytes.length + 9, 0xff)],
  ['other bytes behind the magic', (bytes) => Buffer.concat([bytes.subarray(0, 5), Buffer.alloc(90, 0xa5)])],
])('with %s in all of its files it is faults, never a stack trace', async (_, change) => {
  await place.make('db');
  for (const path of filesOf('db', /\.(sst|bloom|wal)$|^MANIFEST-\d+$/)) {
    if (path.startsWith('MANIFEST')) continue;
    writeFileSync(place.path('db', path), change(readFileSync(place.path('db', path))));
  }
  const words = [['check'], ['dump'], ['inspect', 'sst'], ['inspect', 'wal'], ['inspect', 'tree']];
  for (const command of words) {
    const { exitCode, stdout, stderr } = await place.kv(...command, 'db');
    expect([command, exitCode], stderr).toEqual([command, 1]);
    expect(`${stdout}${stderr}`).not.toMatch(/\n +at |nobody foresaw/);
  }
  const manifest = filesOf('db', /^MANIFEST-\d+$/).at(-1) ?? '';
  writeFileSync(place.path('db', manifest), change(readFileSync(place.path('db', manifest))));
  const { exitCode, stdout } = await place.kv('check', 'db');
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(new RegExp(`^fault    ${manifest} at byte \\d+: `, 'm'));
});
