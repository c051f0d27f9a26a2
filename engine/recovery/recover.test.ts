import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytesOf, dump, SMALL, withEngine } from '../engine-test-workload.js';
import { Engine } from '../engine.js';
import { nodeEnvironment } from '../node-environment.js';
import type { WalBatch } from '../wal/record.js';
import { encodeRecord } from '../wal/record-test-encode.js';

/** Scenarios on real directories: something is done to a closed database, and this is what opening it says. */

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ninelives-recover-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const at = (path: string): string => join(directory, path);
const open = () => Engine.open(nodeEnvironment(directory), SMALL);
const content = () => withEngine(nodeEnvironment(directory), dump);

/** Files below the directory, sorted. */
function files(): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

/** The only file whose path matches. */
function one(pattern: RegExp): string {
  const found = files().filter((path) => pattern.test(path));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

const FILLED = [
  ['a', '1'],
  ['b', '2'],
  ['c', '3'],
];

/** `a` and `b` in a table of L1, `c` in the newest WAL. */
async function fill(): Promise<void> {
  await withEngine(nodeEnvironment(directory), async (engine) => {
    await engine.put(bytesOf('a'), bytesOf('1'));
    await engine.put(bytesOf('b'), bytesOf('2'));
    await engine.compact();
    await engine.put(bytesOf('c'), bytesOf('3'));
    await engine.settled();
  });
}

async function expectCorrupt(file: string): Promise<void> {
  const before = files().filter((path) => !path.startsWith('LOCK'));
  await expect(open()).rejects.toMatchObject({ code: 'ENGINE_CORRUPT', file });
  // Refused and left as it was, so that a copy can be put back.
  expect(files()).toEqual(expect.arrayContaining(before));
  await expect(open()).rejects.toMatchObject({ code: 'ENGINE_CORRUPT', file });
}

function flip(path: string, offset: number): void {
  const bytes = readFileSync(at(path));
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  writeFileSync(at(path), bytes);
}

/** The record of a batch in the WAL at a path. */
const recordFor = (wal: string, batch: WalBatch) => encodeRecord(Number(wal.slice(4, 10)), 17, batch);

test('a new directory is made, with its parents, and is empty', async () => {
  directory = join(directory, 'deep/er');
  expect(await content()).toEqual([]);
  expect(await content()).toEqual([]);
});

test('what was written is there after a clean close, and nothing else is on disk', async () => {
  await fill();
  const engine = await open();
  await engine.settled();
  expect(await dump(engine)).toEqual(FILLED);
  expect(files()).toEqual(engine.files().live);
  await engine.close();
});

test('orphans of every kind are deleted, in every level', async () => {
  await fill();
  const orphans = [
    'MANIFEST-000001',
    'MANIFEST-000900.tmp',
    'l0/000901.sst',
    'l0/000901.bloom',
    'l1/000902.bloom',
    'l15/000903.sst',
  ];
  mkdirSync(at('l15'));
  for (const path of orphans) writeFileSync(at(path), 'half');
  const engine = await open();
  expect(engine.stats().orphansDeleted).toBeGreaterThanOrEqual(orphans.length);
  expect(orphans.filter((path) => existsSync(at(path)))).toEqual([]);
  expect(await dump(engine)).toEqual(FILLED);
  await engine.close();
  expect(files().filter((path) => /MANIFEST/.test(path) && Number(path.slice(9)) < 903)).toEqual([]);
});

test('files with names that the engine never gives stay', async () => {
  await fill();
  const foreign = ['notes.txt', 'wal/000001.wal.bak', 'l0/readme', 'MANIFEST', 'l1/1.sst', 'LOCK.notes'];
  for (const path of foreign) writeFileSync(at(path), 'mine');
  expect(await content()).toEqual(FILLED);
  for (const path of foreign) expect(readFileSync(at(path), 'utf8')).toBe('mine');
});

test('a torn tail is cut off, once', async () => {
  await fill();
  const wal = one(/\.wal$/);
  const record = recordFor(wal, {
    sequence: 4,
    writes: [{ kind: 'value', key: bytesOf('d'), value: bytesOf('4') }],
  });
  for (let length = 1; length < record.length; length++) {
    const copy = mkdtempSync(join(tmpdir(), 'ninelives-torn-'));
    cpSync(directory, copy, { recursive: true });
    appendFileSync(join(copy, wal), record.subarray(0, length));
    expect(await withEngine(nodeEnvironment(copy), dump)).toEqual(FILLED);
    expect(await withEngine(nodeEnvironment(copy), dump)).toEqual(FILLED);
    rmSync(copy, { recursive: true });
  }
  appendFileSync(at(wal), record);
  expect(await content()).toEqual([...FILLED, ['d', '4']]);
});

test('after a clean close damage to any byte of the log is damage, not a tail', async () => {
  await fill();
  const wal = one(/\.wal$/);
  // The last record has no writes: a frame and a payload of ten bytes.
  const end = readFileSync(at(wal)).length - 18;
  for (let offset = 0; offset < end; offset++) {
    flip(wal, offset);
    await expectCorrupt(wal);
    flip(wal, offset);
  }
  flip(wal, end);
  expect(await content()).toEqual(FILLED);
});

test('a record that does not go on where the tables end says that writes are missing', async () => {
  await fill();
  const wal = one(/\.wal$/);
  const header = readFileSync(at(wal)).subarray(0, 17);
  const record = recordFor(wal, { sequence: 9, writes: [{ kind: 'tombstone', key: bytesOf('a') }] });
  writeFileSync(at(wal), Buffer.concat([header, record]));
  await expectCorrupt(wal);
});

test('a WAL that the MANIFEST names and that is missing, empty or without a header is damage', async () => {
  await fill();
  const wal = one(/\.wal$/);
  const bytes = readFileSync(at(wal));
  unlinkSync(at(wal));
  await expectCorrupt(wal);
  for (const length of [0, 16]) {
    writeFileSync(at(wal), bytes.subarray(0, length));
    await expectCorrupt(wal);
  }
  writeFileSync(at(wal), Buffer.alloc(bytes.length));
  await expectCorrupt(wal);
  writeFileSync(at(wal), bytes);
  expect(await content()).toEqual(FILLED);
});

test('a WAL that died before its header was whole is no obstacle', async () => {
  await fill();
  for (const bytes of [Buffer.alloc(0), Buffer.from('NLWL'), Buffer.alloc(17)]) {
    writeFileSync(at('wal/000500.wal'), bytes);
    expect(await content()).toEqual(FILLED);
    expect(existsSync(at('wal/000500.wal'))).toBe(false);
  }
});

test('a lost MANIFEST is damage and never an empty database', async () => {
  await fill();
  unlinkSync(at(one(/MANIFEST/)));
  await expectCorrupt(one(/\.wal$/));
});

test('a first open that was killed at any file is a new database', async () => {
  mkdirSync(at('wal'));
  mkdirSync(at('l0'));
  writeFileSync(at('wal/000001.wal'), 'NL');
  writeFileSync(at('MANIFEST-000002.tmp'), 'half');
  writeFileSync(at('LOCK'), '999999999 1\n');
  expect(await content()).toEqual([]);
});

test('a MANIFEST that is damaged or cut anywhere is named, and an older one is not taken instead', async () => {
  await fill();
  const manifest = one(/MANIFEST/);
  const bytes = readFileSync(at(manifest));
  cpSync(at(manifest), at('MANIFEST-000001'));
  for (const offset of [0, 4, 5, 13, bytes.length >> 1, bytes.length - 1]) {
    flip(manifest, offset);
    await expectCorrupt(manifest);
    flip(manifest, offset);
  }
  for (const length of [0, 3, bytes.length - 1]) {
    truncateSync(at(manifest), length);
    await expectCorrupt(manifest);
    writeFileSync(at(manifest), bytes);
  }
  expect(await content()).toEqual(FILLED);
});

test('a table that is missing, cut or another one is named', async () => {
  await fill();
  const table = one(/\.sst$/);
  const bytes = readFileSync(at(table));
  unlinkSync(at(table));
  await expectCorrupt(table);
  for (const length of [0, 10, bytes.length - 1]) {
    writeFileSync(at(table), bytes.subarray(0, length));
    await expectCorrupt(table);
  }
  writeFileSync(at(table), bytes);
  expect(await content()).toEqual(FILLED);
});

test('a damaged data block is named by the read that meets it, and never gives a wrong value', async () => {
  await fill();
  const table = one(/\.sst$/);
  flip(table, 3);
  const engine = await open();
  await expect(engine.get(bytesOf('a'))).rejects.toMatchObject({
    code: 'ENGINE_CORRUPT',
    file: table,
    offset: 0,
  });
  await expect(dump(engine)).rejects.toMatchObject({ code: 'ENGINE_CORRUPT', file: table });
  expect(await engine.get(bytesOf('c'))).toEqual(bytesOf('3'));
  await engine.close();
});

test('a sidecar that is missing or damaged is made anew', async () => {
  await fill();
  const sidecar = one(/\.bloom$/);
  const bits = readFileSync(at(sidecar)).length;
  for (const damage of [
    () => unlinkSync(at(sidecar)),
    () => truncateSync(at(sidecar), 9),
    () => flip(sidecar, 40),
  ]) {
    damage();
    expect(await content()).toEqual(FILLED);
    expect(readFileSync(at(sidecar))).toHaveLength(bits);
  }
});

test('the tables of deeper levels stay when the database is opened with fewer levels', async () => {
  await withEngine(nodeEnvironment(directory), async (engine) => {
    for (let index = 0; index < 60; index++) await engine.put(bytesOf(`k${index}`), bytesOf(`${index}`));
    await engine.settled();
    expect(engine.stats().levels.length).toBeGreaterThan(3);
  });
  const before = await content();
  const few = { ...SMALL, levelsMax: 2 };
  expect(before).toHaveLength(60);
  const after = await withEngine(
    nodeEnvironment(directory),
    async (engine) => {
      await engine.settled();
      expect(files()).toEqual(engine.files().live);
      return await dump(engine);
    },
    few,
  );
  expect(after).toEqual(before);
});

test('an opening that failed gives the lock back', async () => {
  await fill();
  const manifest = one(/MANIFEST/);
  flip(manifest, 7);
  await expectCorrupt(manifest);
  expect(existsSync(at('LOCK'))).toBe(false);
  flip(manifest, 7);
  expect(await content()).toEqual(FILLED);
});
