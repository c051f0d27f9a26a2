import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytesOf, dump, withEngine } from './engine-test-workload.js';
import { Engine } from './engine.js';
import { EngineError } from './errors.js';
import { nodeEnvironment } from './node-environment.js';
import { filesBelow } from './step-failures-test-life.js';
import { decodeFooter, FOOTER_BYTES } from './table/format.js';
import { faultyVfs } from './vfs/faulty-test-vfs.js';
import type { StepLabel } from './vfs/step.js';

/**
 * Every kind of published file is damaged or taken away: the error has its name and the offset, as fields and in its text,
 * and the database is as it was when the file is put back.
 */
const OPTIONS = { tableEntriesMax: 8, blockBytes: 64 };

let directory: string;
let content: readonly (readonly [string, string])[];
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ninelives-damage-'));
  content = await fill();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const at = (path: string): string => join(directory, path);
const open = () => Engine.open(nodeEnvironment(directory), OPTIONS);
const inOrder = () => withEngine(nodeEnvironment(directory), dump, OPTIONS);

/**
 * A published table in L0 and two WALs with records: the process died between a rotation and the end of its flush. Copied from an
 * engine that goes on, so nothing was closed.
 */
async function fill() {
  const living = mkdtempSync(join(tmpdir(), 'ninelives-damage-living-'));
  const base = nodeEnvironment(living);
  let hold = false;
  const release: (() => void)[] = [];
  const vfs = {
    ...faultyVfs(base.vfs, () => undefined),
    syncDirectory: async (path: string, label: StepLabel) => {
      if (hold && label === 'flush/dir.fsync') await new Promise<void>((resolve) => release.push(resolve));
      await base.vfs.syncDirectory(path, label);
    },
  };
  const engine = await Engine.open({ ...base, vfs }, OPTIONS);
  for (let index = 0; index < 8; index++) await engine.put(bytesOf(`t${index}`), bytesOf(`table ${index}`));
  await engine.flush();
  await engine.settled();
  hold = true;
  for (let index = 0; index < 5; index++) {
    await engine.put(bytesOf(`u${index}`), bytesOf(`older log ${index}`), { sync: true });
  }
  const flushing = engine.flush();
  for (let index = 0; index < 5; index++) {
    await engine.put(bytesOf(`v${index}`), bytesOf(`log ${index}`), { sync: true });
  }
  while (release.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const filled = await dump(engine);
  cpSync(living, directory, { recursive: true, filter: (path) => !path.endsWith('LOCK') });
  hold = false;
  for (const resolve of release) resolve();
  await flushing;
  await engine.close();
  rmSync(living, { recursive: true });
  return filled;
}

/** The published files by kind; the older WAL is the one that was rotated. */
function published() {
  const manifest = Math.max(
    ...readdirSync(directory)
      .flatMap((name) => /^MANIFEST-(\d+)$/.exec(name)?.[1] ?? [])
      .map(Number),
  );
  const logs = filesBelow(directory).filter(
    (path) => path.endsWith('.wal') && readFileSync(at(path)).length > 17,
  );
  const [table = ''] = filesBelow(directory).filter((path) => path.endsWith('.sst'));
  expect(logs).toHaveLength(2);
  return {
    ...{ manifest: `MANIFEST-${String(manifest).padStart(6, '0')}`, table },
    ...{ sidecar: table.replace('.sst', '.bloom'), olderLog: logs[0] ?? '', log: logs[1] ?? '' },
  };
}

function flip(path: string, offset: number): void {
  const bytes = readFileSync(at(path));
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 0x55, offset);
  writeFileSync(at(path), bytes);
}

/** Opens and reads everything; the error, which must name the place as fields and in its text. */
async function expectDamage(file: string, offset: number | undefined): Promise<void> {
  for (let attempt = 0; attempt < 2; attempt++) {
    const error: unknown = await inOrder().then(
      () => expect.unreachable(`damage of ${file} was not noticed`),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: 'ENGINE_CORRUPT', file });
    const found = (error as EngineError).offset;
    expect(found).toEqual(offset ?? (expect.any(Number) as unknown));
    expect((error as EngineError).message).toContain(`${file} at byte ${found}: `);
  }
}

test('the undamaged database opens with all that was written', async () => {
  expect(content).toHaveLength(18);
  expect(await inOrder()).toEqual(content);
});

test.each(['manifest', 'table', 'olderLog'] as const)('a %s that is missing is named', async (kind) => {
  const path = published()[kind];
  renameSync(at(path), `${directory}.away`);
  if (kind === 'manifest') {
    // Its name went with it: what is named is the data that it should have described.
    const error: unknown = await open().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ENGINE_CORRUPT', file: expect.any(String) as unknown, offset: 0 });
    expect((error as EngineError).message).toContain('the MANIFEST is lost');
  } else {
    await expectDamage(path, 0);
  }
  renameSync(`${directory}.away`, at(path));
  expect(await inOrder()).toEqual(content);
});

test('a MANIFEST with a bad byte is named, with the offset of the field that does not fit', async () => {
  const { manifest } = published();
  const { length } = readFileSync(at(manifest));
  const places = [
    [0, 0],
    [20, length - 4],
    [length - 1, length - 4],
  ] as const;
  for (const [damaged, offset] of places) {
    flip(manifest, damaged);
    await expectDamage(manifest, offset);
    flip(manifest, damaged);
  }
  expect(await inOrder()).toEqual(content);
});

test('a table with a bad block, index or footer is named, with the offset of that part', async () => {
  const { table } = published();
  const bytes = readFileSync(at(table));
  const { indexOffset, propertiesOffset } = decodeFooter(table, bytes.length, bytes.subarray(-FOOTER_BYTES));
  for (const [damaged, isRight] of [
    [3, (offset: number) => offset === 0],
    [indexOffset + 2, (offset: number) => offset === indexOffset],
    [propertiesOffset + 2, (offset: number) => offset === propertiesOffset],
    [bytes.length - 1, (offset: number) => offset >= bytes.length - FOOTER_BYTES],
    [bytes.length - FOOTER_BYTES + 1, (offset: number) => offset >= bytes.length - FOOTER_BYTES],
  ] as const) {
    flip(table, damaged);
    const error: unknown = await inOrder().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ENGINE_CORRUPT', file: table });
    const { offset = -1, message } = error as EngineError;
    expect(isRight(offset), `byte ${damaged}: ${message}`).toBe(true);
    expect(message).toContain(`${table} at byte ${offset}: `);
    writeFileSync(at(table), bytes);
    // Whether opening or a read met it decides what was published meanwhile, so the directory is made anew.
    rmSync(directory, { recursive: true });
    content = await fill();
  }
});

test('an older WAL is damaged wherever it has a bad byte, and named with the offset of the record', async () => {
  const { olderLog } = published();
  const { length } = readFileSync(at(olderLog));
  flip(olderLog, 3);
  await expectDamage(olderLog, 0);
  flip(olderLog, 3);
  for (const damaged of [20, length >> 1, length - 1]) {
    flip(olderLog, damaged);
    const error: unknown = await open().catch((reason: unknown) => reason);
    const offset = (error as EngineError).offset ?? -1;
    expect(offset).toBeLessThanOrEqual(damaged);
    expect(offset).toBeGreaterThanOrEqual(17);
    await expectDamage(olderLog, offset);
    flip(olderLog, damaged);
  }
  expect(await inOrder()).toEqual(content);
});

test('the newest WAL with a bad byte before what was synced is damaged, and never cut off there', async () => {
  const { log } = published();
  flip(log, 25);
  await expectDamage(log, 17);
  flip(log, 25);
  expect(await inOrder()).toEqual(content);
});

test('a sidecar that is missing or bad is made anew, and no key is absent for it', async () => {
  const { sidecar } = published();
  const bytes = readFileSync(at(sidecar));
  rmSync(at(sidecar));
  expect(await inOrder()).toEqual(content);
  expect(readFileSync(at(sidecar))).toHaveLength(bytes.length);
  for (const damaged of [0, 8, 40, bytes.length - 1]) {
    flip(sidecar, damaged);
    expect(await inOrder()).toEqual(content);
  }
});
