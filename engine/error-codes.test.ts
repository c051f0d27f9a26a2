import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytesOf } from './engine-test-workload.js';
import { Engine } from './engine.js';
import { EngineError, type EngineErrorCode } from './errors.js';
import { nodeEnvironment } from './node-environment.js';
import { faultyVfs, inputOutputError } from './vfs/faulty-test-vfs.js';

/** Every code of the closed set comes out of a real engine on a real directory, with the facts that ERRORS.md names. */

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ninelives-codes-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = () => Engine.open(nodeEnvironment(directory));

/** An engine that can no longer sync its WAL, and what a write with a sync got. */
async function broken(): Promise<{ readonly engine: Engine; readonly error: unknown }> {
  const environment = nodeEnvironment(directory);
  let armed = false;
  const vfs = faultyVfs(environment.vfs, ({ label }) => {
    if (armed && label === 'wal/fsync') throw inputOutputError();
  });
  const engine = await Engine.open({ ...environment, vfs });
  armed = true;
  return { engine, error: await caught(engine.put(bytesOf('a'), bytesOf('1'), { sync: true })) };
}

/** What makes an error of each code, and the fields that it must have. The type says that none is missing. */
const PRODUCERS: Record<EngineErrorCode, { make: () => Promise<unknown>; facts?: object }> = {
  ENGINE_INVALID_ARGUMENT: {
    make: async () => {
      const engine = await open();
      const error = await caught(engine.put(bytesOf(''), bytesOf('1')));
      await engine.close();
      return error;
    },
  },
  ENGINE_INVALID_OPTION: {
    make: () => caught(Engine.open(nodeEnvironment(directory), { levelsMax: 1 })),
  },
  ENGINE_CLOSED: {
    make: async () => {
      const engine = await open();
      await engine.close();
      return await caught(engine.get(bytesOf('a')));
    },
  },
  ENGINE_LOCKED: {
    make: async () => {
      const engine = await open();
      const error = await caught(open());
      await engine.close();
      return error;
    },
    facts: { file: 'LOCK', cause: expect.objectContaining({ code: 'ELOCKED' }) as unknown },
  },
  ENGINE_NOT_A_DATABASE: {
    make: async () => {
      writeFileSync(join(directory, 'somebody.txt'), 'else');
      return await caught(open());
    },
  },
  ENGINE_CORRUPT: {
    make: async () => {
      const engine = await open();
      await engine.put(bytesOf('a'), bytesOf('1'));
      await engine.flush();
      await engine.close();
      unlinkSync(join(directory, 'l0', readdirSync(join(directory, 'l0')).find(isTable) ?? ''));
      return await caught(open());
    },
    facts: { file: expect.stringMatching(/^l0\/\d{6}\.sst$/) as unknown, offset: 0 },
  },
  ENGINE_READ_ONLY: {
    make: async () => {
      const { engine } = await broken();
      const error = await caught(engine.put(bytesOf('b'), bytesOf('2')));
      await engine.close();
      return error;
    },
    facts: {
      ...{ outcome: 'none', label: 'wal/fsync', errno: 'EIO' },
      file: expect.stringMatching(/^wal\/\d{6}\.wal$/) as unknown,
      cause: expect.objectContaining({ code: 'ENGINE_IO' }) as unknown,
    },
  },
  ENGINE_IO: {
    make: async () => {
      const { engine, error } = await broken();
      await engine.close();
      return error;
    },
    facts: {
      ...{ outcome: 'unknown', label: 'wal/fsync', errno: 'EIO' },
      file: expect.stringMatching(/^wal\/\d{6}\.wal$/) as unknown,
      cause: expect.objectContaining({ code: 'EIO' }) as unknown,
    },
  },
};

test('every heading of ERRORS.md has a producer here', () => {
  const text = readFileSync(new URL('ERRORS.md', import.meta.url), 'utf8');
  const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(Object.keys(PRODUCERS));
});

test.each(Object.entries(PRODUCERS))('%s is what the engine says', async (code, { make, facts = {} }) => {
  const error = await make();
  expect(error).toBeInstanceOf(EngineError);
  expect(error).toMatchObject({ name: 'EngineError', code, outcome: 'none', ...facts });
  // What was expected, what came, what to do: never a word or two.
  expect((error as EngineError).message.split(' ').length).toBeGreaterThan(5);
});

test('every fact that an error can have is a field that ERRORS.md names', async () => {
  const { engine, error } = await broken();
  await engine.close();
  const text = readFileSync(new URL('ERRORS.md', import.meta.url), 'utf8');
  const fields = Object.keys(error as EngineError).filter((field) => !['name', 'code'].includes(field));
  expect(fields).toEqual(expect.arrayContaining(['file', 'offset', 'label', 'errno', 'outcome']));
  expect(fields.filter((field) => !text.includes(`\`${field}\``))).toEqual([]);
});

function isTable(name: string): boolean {
  return name.endsWith('.sst');
}

/** What a promise rejects with. */
async function caught(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => expect.unreachable('it did not reject'),
    (error: unknown) => error,
  );
}
