import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KvPlace } from './kv-test-place.js';

let place: KvPlace;
beforeEach(() => (place = new KvPlace()));
afterEach(() => place.remove());

const FORMS = { compression: 'deflate', bloomKind: 'blocked', blockBytes: 1_024 } as const;

/** Two writes in a table of one compressed block, a delete and a batch in the WAL. */
async function makeSmall(): Promise<void> {
  const engine = await place.open('db', FORMS);
  await engine.put(Buffer.from('cat'), Buffer.from('nine '.repeat(40)));
  await engine.put(Buffer.from('cow'), Buffer.from('one'));
  await engine.flush();
  await engine.delete(Buffer.from('cat'));
  await engine.write([
    { kind: 'put', key: Buffer.from('dog'), value: Buffer.from('two') },
    { kind: 'put', key: Buffer.from([0, 255]), value: new Uint8Array(0) },
  ]);
  await engine.close();
}

function pathOf(pattern: RegExp): string {
  const paths = readdirSync(place.path('db'), { recursive: true }) as string[];
  const found = paths
    .filter((path) => pattern.test(path))
    .sort()
    .at(-1);
  if (found === undefined) throw new Error(`Expected a file that matches ${String(pattern)}.`);
  return found;
}

async function objects(...words: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const { stdout } = await place.kv('inspect', ...words, '--json');
  return stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
}

test('wal shows each record with its writes, and how the log ends', async () => {
  await makeSmall();
  const { stdout, exitCode } = await place.kv('inspect', 'wal', 'db', '--values');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/ {2}at byte 17: 23 bytes, sequence 3, 17 bytes durable, 1 write\n {4}delete "cat"/);
  expect(stdout).toMatch(/sequence 4 to 5, .* 2 writes\n {4}put "dog" = "two"\n {4}put "\\x00\\xff" = ""/);
  expect(stdout).toMatch(/ends clean at byte \d+; 3 records, 3 writes, sequence 3 to 5/);
  expect((await objects('wal', 'db')).find(({ sequence }) => sequence === 4)).toMatchObject({
    kind: 'record',
    writes: [
      { kind: 'put', key: 'ZG9n', valueBytes: 3 },
      { kind: 'put', key: 'AP8=', valueBytes: 0 },
    ],
  });
});

test('sst shows parts, properties, compressed blocks with their entries, and the kind of the filter', async () => {
  await makeSmall();
  const { stdout, exitCode } = await place.kv('inspect', 'sst', `db/${pathOf(/\.sst$/)}`, '--entries');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/properties: table \d+, 2 entries, 0 tombstones, sequence 1 to 2, "cat" to "cow"/);
  expect(stdout).toMatch(
    /block at byte 0: \d+ bytes, deflate of 2\d\d bytes, 2 entries from "cat" at sequence 1/,
  );
  expect(stdout).toContain('  1  put "cat", 200 bytes\n  2  put "cow", 3 bytes');
  expect(stdout).toMatch(/\.bloom: blocked filter, 103 bytes, 512 bits, 5 probes/);
  const shown = await objects('sst', 'db', '--values');
  expect(shown.filter(({ kind }) => kind === 'entry')[1]).toMatchObject({
    key: 'Y293',
    value: 'b25l',
    sequence: 2,
  });
});

test('manifest and tree show the levels, and what a recovery would do', async () => {
  await makeSmall();
  const manifest = await place.kv('inspect', 'manifest', 'db');
  expect(manifest.stdout).toMatch(
    /^MANIFEST-\d+: MANIFEST \d+, \d+ bytes\nnext number \d+, flushed sequence 2\nWALs: \d+\nL0: 1 table/,
  );
  const tree = await place.kv('inspect', 'tree', 'db');
  expect(tree.stdout).toMatch(
    /^nobody has it open\nMANIFEST-\d+: .*\nrecovery\n {2}replays wal\/\d+\.wal: 3 records, 3 writes; ends clean/,
  );
  const [shown] = await objects('tree', 'db');
  expect(shown).toMatchObject({
    kind: 'tree',
    lock: { kind: 'free' },
    levels: [{ level: 0, smallest: 'Y2F0' }],
  });
});

test('one file is looked at by itself, wherever it lies and whatever it is called', async () => {
  await makeSmall();
  for (const [name, pattern] of [
    ['wal', /\.wal$/],
    ['sst', /\.sst$/],
    ['manifest', /^MANIFEST/],
  ] as const) {
    copyFileSync(place.path('db', pathOf(pattern)), place.path('copy'));
    const { exitCode, stdout } = await place.kv('inspect', name, 'copy');
    expect([name, exitCode]).toEqual([name, 0]);
    expect(stdout).toMatch(/^copy: /);
  }
});

test('damage is shown with file and offset, the rest as well, and the exit code is 1', async () => {
  await makeSmall();
  const table = pathOf(/\.sst$/);
  const bytes = readFileSync(place.path('db', table));
  bytes[4] = (bytes[4] ?? 0) ^ 1;
  writeFileSync(place.path('db', table), bytes);
  const { exitCode, stdout } = await place.kv('inspect', 'sst', 'db');
  expect(exitCode).toBe(1);
  expect(stdout).toContain(`fault    ${table} at byte 0: the block does not match its checksum`);
  expect(stdout).toContain('properties: table');
});

test.each([['wal'], ['sst'], ['manifest']])(
  'a file that is no %s is exit code 1 and a fault at its place',
  async (name) => {
    writeFileSync(place.path('file'), 'nine lives, and none of them here: this is text');
    const { exitCode, stdout, stderr } = await place.kv('inspect', name, 'file');
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(/fault {4}file at byte \d+: |CORRUPT at byte 0/);
  },
);
