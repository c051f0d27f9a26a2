import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Engine, nodeEnvironment } from '../index.js';
import type { Range } from './keys.js';
import { Place, rejectionOf } from './level-test-place.js';
import type { NinelivesLevel } from './level.js';
import { PairReader } from './pair-reader.js';

const place = new Place();
const KEYS = Array.from({ length: 5_000 }, (_, index) => String(index).padStart(4, '0'));

test.each<[string, (database: NinelivesLevel) => Promise<unknown>]>([
  ['for await', async (database) => await lastOf(database.iterator())],
  ['nextv', async (database) => await database.keys().nextv(5_000)],
  ['all', async (database) => await database.values().all()],
])('a long read lets others run: %s', async (_name, read) => {
  const database = await filled();
  let turns = 0;
  let reading = true;
  const turn = (): void => {
    turns++;
    if (reading) setImmediate(turn);
  };
  setImmediate(turn);
  await read(database);
  reading = false;
  expect(turns).toBeGreaterThanOrEqual(3);
});

test('a signal stops a read in the middle', async () => {
  const database = await filled();
  const abort = new AbortController();
  const iterator = database.iterator({ signal: abort.signal });
  setImmediate(() => abort.abort());
  expect(await rejectionOf(iterator.nextv(5_000))).toMatchObject({
    code: 'LEVEL_ABORTED',
    name: 'AbortError',
  });
});

test('all methods of an iterator read on where the last one stopped, within the limit', async () => {
  const database = await filled();
  const iterator = database.keys({ gte: '0010', limit: 200 });
  const read = [await iterator.next(), ...(await iterator.nextv(3)), await iterator.next()];
  read.push(...(await iterator.nextv(100)), ...(await iterator.all()));
  expect(read).toEqual(KEYS.slice(10, 210));
});

test.each<[string, (database: NinelivesLevel) => ReturnType<NinelivesLevel['keys']>]>([
  ['forwards', (database) => database.keys({ limit: 5 })],
  ['in reverse', (database) => database.keys({ limit: 5, reverse: true })],
])('the limit counts what was read before a seek, too, %s', async (_name, open) => {
  const database = await filled();
  const iterator = open(database);
  await iterator.nextv(3);
  iterator.seek('2000');
  expect((await iterator.all()).map(Number)).toEqual([
    2000,
    expect.toSatisfy((key) => Math.abs(key - 2000) === 1),
  ]);
});

test('a seek forgets what was read ahead, backwards, too', async () => {
  const database = await filled();
  const iterator = database.keys({ gte: '0010', lt: '4000' });
  for (const [target, expected] of [
    ['0100', '0100'],
    ['0050', '0050'],
    ['4000', undefined],
    ['0009', undefined],
    ['3999', '3999'],
  ] as const) {
    iterator.seek(target);
    expect(await iterator.next()).toBe(expected);
  }
  expect(await iterator.next()).toBe(undefined);
  const reverse = database.keys({ gt: '0010', lte: '4000', reverse: true });
  for (const [target, expected] of [
    ['3000x', '3000'],
    ['3999', '3999'],
    ['0010', undefined],
    ['0011', '0011'],
  ] as const) {
    reverse.seek(target);
    expect(await reverse.next()).toBe(expected);
  }
});

test('an iterator sees its moment after seeks, flushes and compactions', async () => {
  const database = await filled({ memtableEntriesMax: 500 });
  const [iterator, snapshot] = [database.values({ gte: '1000' }), database.snapshot()];
  await database.batch(KEYS.map((key) => ({ type: 'put', key, value: 'new' })));
  await database.compactRange('0', '9');
  expect(await iterator.nextv(2)).toEqual(['old', 'old']);
  iterator.seek('2000');
  expect(new Set(await iterator.all())).toEqual(new Set(['old']));
  expect(await database.get('0001', { snapshot })).toBe('old');
  expect(await database.get('0001')).toBe('new');
});

test('small pairs are read ahead, large ones one by one', async () => {
  const engine = await Engine.open(nodeEnvironment(place.path()));
  const value = new Uint8Array(100_000);
  for (let index = 0; index < 40; index++) {
    await engine.put(Buffer.from(`large${index}`), value);
    await engine.put(Buffer.from(`small${index}`), value.subarray(0, 10));
  }
  const aheadIn = async (range: Range): Promise<boolean> => {
    const reader = new PairReader(engine, { ...range, reverse: false, limit: -1 }, async () => undefined);
    for (let index = 0; index < 20; index++) await reader.next();
    const pair = reader.nextRead();
    reader.close();
    return pair !== undefined;
  };
  expect(await aheadIn({ gte: Buffer.from('small') })).toBe(true);
  expect(await aheadIn({ lt: Buffer.from('small') })).toBe(false);
  await engine.close();
});

test('after a read that failed an iterator fails again, and does not look as if it had come to its end', async () => {
  const location = place.path();
  const database = place.database(location, { engine: { memtableEntriesMax: 100_000 } });
  await database.batch(KEYS.map((key) => ({ type: 'put', key, value: 'old'.repeat(20) })));
  await database.close();
  await database.open();
  await database.close();
  damageLastTable(location);
  await database.open();
  const iterator = database.keys();
  const error = await rejectionOf(iterator.nextv(5_000));
  expect(error).toMatchObject({ code: 'LEVEL_CORRUPTION', cause: { code: 'ENGINE_CORRUPT' } });
  expect((error.cause as { readonly file?: string }).file).toMatch(/\.sst$/);
  expect((await rejectionOf(iterator.next())).code).toBe('LEVEL_CORRUPTION');
  expect((await rejectionOf(lastOf(database.values()))).code).toBe('LEVEL_CORRUPTION');
  iterator.seek('0001');
  expect(await iterator.next()).toBe('0001');
});

async function filled(engine = {}): Promise<NinelivesLevel> {
  const database = place.database(undefined, { engine });
  await database.batch(KEYS.map((key) => ({ type: 'put', key, value: 'old' })));
  return database;
}

async function lastOf(items: AsyncIterable<unknown>): Promise<unknown> {
  let last: unknown;
  for await (const item of items) last = item;
  return last;
}

/** Flips a bit in the second half of the table with the largest keys. */
function damageLastTable(location: string): void {
  const tables = readdirSync(location, { recursive: true, encoding: 'utf8' });
  const last = join(
    location,
    tables
      .filter((path) => path.endsWith('.sst'))
      .sort()
      .at(-1) ?? '',
  );
  const bytes = readFileSync(last);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(last, bytes);
}
