import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EngineError, KEY_BYTES_MAX, VALUE_BYTES_MAX } from '../index.js';
import { LevelError, levelErrorOf } from './errors.js';
import { Place, rejectionOf } from './level-test-place.js';
import { withFailingSyncs } from './level-test-syncs.js';

const place = new Place();

test('a directory that is open elsewhere is LEVEL_LOCKED, and can be opened once it is free', async () => {
  const location = place.path();
  const [first, second] = [place.database(location), place.database(location)];
  await first.open();
  const error = await rejectionOf(second.open());
  expect(error).toMatchObject({
    code: 'LEVEL_DATABASE_NOT_OPEN',
    cause: { code: 'LEVEL_LOCKED', cause: { code: 'ENGINE_LOCKED', file: 'LOCK' } },
  });
  expect(error.cause).toBeInstanceOf(LevelError);
  await first.close();
  await second.open();
});

test('a call that waits for an opening that fails is rejected', async () => {
  const location = place.path();
  await place.database(location).open();
  const second = place.database(location);
  expect((await rejectionOf(second.get('a'))).code).toBe('LEVEL_DATABASE_NOT_OPEN');
});

test('a damaged file is LEVEL_CORRUPTION, with the file and the offset in its cause', async () => {
  const location = place.path();
  const database = place.database(location);
  await database.put('a', '1');
  await database.close();
  const name = readdirSync(location).find((each) => each.startsWith('MANIFEST')) ?? '';
  const bytes = readFileSync(join(location, name));
  writeFileSync(join(location, name), bytes.fill(0xff, 8, 12));
  expect(await rejectionOf(database.open())).toMatchObject({
    code: 'LEVEL_DATABASE_NOT_OPEN',
    cause: { code: 'LEVEL_CORRUPTION', cause: { code: 'ENGINE_CORRUPT', file: name } },
  });
});

test('a sync that fails is LEVEL_IO_ERROR, and every write after it LEVEL_READONLY until the database is opened again', async () => {
  const database = place.database();
  await database.put('before', '1');
  const failed = await withFailingSyncs(() => rejectionOf(database.put('during', '2', { sync: true })));
  expect(failed).toMatchObject({ code: 'LEVEL_IO_ERROR', cause: { code: 'ENGINE_IO', outcome: 'unknown' } });
  for (const write of [
    () => database.put('after', '3'),
    () => database.del('before'),
    () => database.batch([{ type: 'del', key: 'before' }]),
    () => database.batch().del('before').write(),
    () => database.clear(),
    () => database.compactRange('a', 'z'),
  ]) {
    expect(await rejectionOf(write())).toMatchObject({
      code: 'LEVEL_READONLY',
      cause: { code: 'ENGINE_READ_ONLY' },
    });
  }
  expect(await database.get('before')).toBe('1');
  await database.close();
  await database.open();
  expect(await database.get('before')).toBe('1');
  await database.put('after', '3', { sync: true });
});

test('a database that fails to close says so, is closed by the next call, and can be opened again', async () => {
  const database = place.database();
  await database.put('a', '1');
  const error = await withFailingSyncs(() => rejectionOf(database.close()));
  expect(error).toMatchObject({ code: 'LEVEL_DATABASE_NOT_CLOSED', cause: { code: 'LEVEL_IO_ERROR' } });
  expect((await rejectionOf(database.get('a'))).code).toBe('LEVEL_DATABASE_NOT_OPEN');
  await database.close();
  await database.open();
  expect(await database.get('a')).toBe('1');
});

test('keys and values that are too long are refused before anything is written', async () => {
  const database = place.database<string, string | Buffer>();
  const key = 'k'.repeat(KEY_BYTES_MAX + 1);
  const value = Buffer.alloc(VALUE_BYTES_MAX + 1);
  const batch = [
    { type: 'put' as const, key: 'a', value: '1' },
    { type: 'put' as const, key, value: '1' },
  ];
  for (const call of [
    () => database.put(key, '1'),
    () => database.get(key),
    () => database.getMany(['a', key]),
    () => database.has(key),
    () => database.del(key),
    () => database.batch(batch),
  ]) {
    expect((await rejectionOf(call())).code).toBe('LEVEL_INVALID_KEY');
  }
  expect((await rejectionOf(database.put('a', value, { valueEncoding: 'buffer' }))).code).toBe(
    'LEVEL_INVALID_VALUE',
  );
  expect(() => database.batch().del(key)).toThrow(expect.objectContaining({ code: 'LEVEL_INVALID_KEY' }));
  expect(await database.keys().all()).toEqual([]);
  await database.put('k'.repeat(KEY_BYTES_MAX), '1');
});

test('an unknown option of the engine is an error, an unknown option beside it is not', async () => {
  const unknown = place.database(undefined, { engine: { cacheSize: 1 } as object });
  expect((await rejectionOf(unknown.open())).cause).toMatchObject({ code: 'ENGINE_INVALID_OPTION' });
  await place.database(undefined, { cacheSize: 1 } as object).open();
});

test('each code of the engine has its place', () => {
  const codeFor = (code: EngineError['code']): string | undefined =>
    (levelErrorOf(new EngineError(code, 'text')) as NodeJS.ErrnoException).code;
  expect(codeFor('ENGINE_CLOSED')).toBe('LEVEL_DATABASE_NOT_OPEN');
  expect(codeFor('ENGINE_INVALID_ARGUMENT')).toBe('ENGINE_INVALID_ARGUMENT');
  const other = new TypeError('not ours');
  expect(levelErrorOf(other)).toBe(other);
});
