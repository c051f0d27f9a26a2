import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentOf } from './directory.js';
import { Place, rejectionOf } from './level-test-place.js';
import { NinelivesLevel } from './level.js';

const place = new Place();

test('without createIfMissing no directory is made', async () => {
  const location = place.path();
  const error = await rejectionOf(place.database(location).open({ createIfMissing: false }));
  expect(error).toMatchObject({
    code: 'LEVEL_DATABASE_NOT_OPEN',
    cause: { code: 'LEVEL_DATABASE_MISSING' },
  });
  expect(existsSync(location)).toBe(false);
});

test('errorIfExists refuses a database, and takes an empty directory', async () => {
  const location = place.path();
  mkdirSync(location);
  const database = place.database(location, { errorIfExists: true });
  await database.put('a', '1');
  await database.close();
  expect((await rejectionOf(database.open())).cause).toMatchObject({ code: 'LEVEL_DATABASE_EXISTS' });
  await database.open({ errorIfExists: false, createIfMissing: false });
  expect(await database.get('a')).toBe('1');
});

test('what appears or goes away between the look and the lock is seen under the lock, and the lock given back', async () => {
  const location = place.path();
  await place.database(location).open();
  const [missing, exists] = [
    environmentOf(location, { createIfMissing: false, errorIfExists: false }),
    environmentOf(location, { createIfMissing: true, errorIfExists: true }),
  ];
  const lock = (environment: typeof missing): (() => void) => {
    const { vfs } = environment;
    const taken = vfs.lock('OTHER', 'open/lock');
    return () => taken.release('close/unlock');
  };
  expect(() => lock(exists)).toThrow(expect.objectContaining({ code: 'LEVEL_DATABASE_EXISTS' }));
  for (const name of readdirSync(location).filter((each) => each.startsWith('MANIFEST'))) {
    rmSync(join(location, name));
  }
  expect(() => lock(missing)).toThrow(expect.objectContaining({ code: 'LEVEL_DATABASE_MISSING' }));
  lock(exists)();
});

test('destroy removes the database and its directory, and does nothing where none is', async () => {
  const location = place.path();
  const database = place.database(location, { engine: { memtableEntriesMax: 10 } });
  for (let index = 0; index < 30; index++) await database.put(`key${index}`, 'value');
  await database.close();
  await NinelivesLevel.destroy(location);
  expect(existsSync(location)).toBe(false);
  await NinelivesLevel.destroy(location);
  await database.open({ errorIfExists: true });
  expect(await database.keys().all()).toEqual([]);
});

test('destroy leaves what is not of the database, and finishes what was interrupted', async () => {
  const location = place.path();
  const database = place.database(location);
  await database.put('a', '1');
  await database.close();
  writeFileSync(join(location, 'notes.txt'), 'mine');
  for (const name of readdirSync(location).filter((each) => each.startsWith('MANIFEST'))) {
    rmSync(join(location, name));
  }
  expect((await rejectionOf(database.open())).cause).toMatchObject({ code: 'LEVEL_CORRUPTION' });
  await NinelivesLevel.destroy(location);
  expect(readdirSync(location)).toEqual(['notes.txt']);
});

test('what a destroy that failed half-way has left is not opened as a smaller database', async () => {
  const location = place.path();
  const database = place.database(location);
  await database.put('a', '1');
  await database.close();
  // No file can be removed under this name, and it comes after the others.
  const obstacle = join(location, 'l0', '999999.sst');
  mkdirSync(join(obstacle, 'x'), { recursive: true });
  expect((await rejectionOf(NinelivesLevel.destroy(location))).code).toBe('LEVEL_IO_ERROR');
  expect(readdirSync(location).filter((name) => name.startsWith('MANIFEST'))).toEqual([]);
  expect((await rejectionOf(database.open())).cause).toMatchObject({ code: 'LEVEL_CORRUPTION' });
  rmSync(obstacle, { recursive: true });
  await NinelivesLevel.destroy(location);
  expect(existsSync(location)).toBe(false);
});

test('destroy touches no directory of LevelDB, which has a MANIFEST and a LOCK, too', async () => {
  const location = place.path();
  mkdirSync(location);
  const names = ['000003.log', 'CURRENT', 'LOCK', 'LOG', 'MANIFEST-000002'];
  for (const name of names) writeFileSync(join(location, name), name);
  await NinelivesLevel.destroy(location);
  expect(readdirSync(location)).toEqual(names);
  expect((await rejectionOf(place.database(location).open())).cause).toMatchObject({
    code: 'ENGINE_NOT_A_DATABASE',
  });
});

test('destroy refuses a database that is open, and a location that is no directory', async () => {
  const location = place.path();
  const database = place.database(location);
  await database.put('a', '1');
  expect((await rejectionOf(NinelivesLevel.destroy(location))).code).toBe('LEVEL_LOCKED');
  expect(await database.get('a')).toBe('1');
  const file = join(dirname(location), 'file');
  writeFileSync(file, '');
  expect((await rejectionOf(NinelivesLevel.destroy(file))).code).toBe('LEVEL_IO_ERROR');
});
