import { AbstractSnapshot } from 'abstract-level';
import fc from 'fast-check';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isOutside, type Range } from './keys.js';
import { Place, rejectionOf } from './level-test-place.js';
import { syncsDuring } from './level-test-syncs.js';
import { NinelivesLevel } from './level.js';

const place = new Place();

test('the manifest says what there is', async () => {
  const { supports } = place.database();
  expect(supports).toMatchObject({
    implicitSnapshots: true,
    explicitSnapshots: true,
    has: true,
    seek: true,
    permanence: true,
    deferredOpen: true,
    createIfMissing: true,
    errorIfExists: true,
    streams: false,
    additionalMethods: { compactRange: true },
    signals: { iterators: true },
  });
  expect('getSync' in supports).toBe(false);
  expect(Object.keys(supports.encodings).sort()).toEqual(['base64', 'buffer', 'hex', 'json', 'utf8', 'view']);
});

test.each(['README.md', 'docs/abstract-level.md'])(
  '%s gives the reason for what the manifest lacks',
  (path) => {
    const { supports } = place.database();
    // The manifest has no entry at all for this one if it is not declared.
    const lacking = Object.entries({ getSync: false, ...supports }).flatMap(([name, value]) =>
      value === false ? [name] : [],
    );
    expect(lacking).toEqual(['getSync', 'streams']);
    const page = readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
    for (const name of lacking) expect(page).toMatch(new RegExp(`^\\| \`${name}\`.*\\| \\S.* \\|$`, 'm'));
  },
);

test('a location is a path, and can be asked for', () => {
  const location = place.path();
  expect(place.database(location).location).toBe(location);
  expect(() => new NinelivesLevel('')).toThrow(TypeError);
  expect(() => new NinelivesLevel(undefined as unknown as string)).toThrow(TypeError);
});

test('any bytes are a key, the empty key and keys of zeros among them, also after reopening', async () => {
  const byte = fc.constantFrom(0, 0, 1, 255);
  const bytes = fc.array(byte, { maxLength: 4 }).map((each) => Buffer.from(each));
  const operation = fc.record({
    type: fc.constantFrom('put' as const, 'put' as const, 'del' as const),
    key: bytes,
  });
  const range = fc.record(
    { gte: bytes, gt: bytes, lte: bytes, lt: bytes, reverse: fc.boolean(), limit: fc.nat(5) },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { maxLength: 40 }),
      fc.array(range),
      bytes,
      async (writes, ranges, target) => {
        const database = place.database<Buffer, string>(undefined, {
          keyEncoding: 'buffer',
          engine: { memtableEntriesMax: 10 },
        });
        const model = new Map<string, string>();
        for (const [index, { type, key }] of writes.entries()) {
          if (type === 'put') {
            await database.put(key, `v${index}`);
            model.set(key.toString('hex'), `v${index}`);
          } else {
            await database.del(key);
            model.delete(key.toString('hex'));
          }
        }
        await database.close();
        await database.open();
        for (const options of ranges) {
          expect(await database.iterator(options).all()).toEqual(entriesOf(model, options));
          const iterator = database.keys(options);
          iterator.seek(target);
          expect(await iterator.all()).toEqual(entriesOf(model, options, target).map(([key]) => key));
        }
        expect(await database.has(target)).toBe(model.has(target.toString('hex')));
      },
    ),
    { numRuns: 40 },
  );
});

test('the option sync of every write reaches the engine: nothing waits for a disk unless it is asked to', async () => {
  const database = place.database(undefined, { engine: { durability: 'os' } });
  await database.open();
  const writes: ((sync?: boolean) => Promise<void>)[] = [
    (sync) => database.put('a', '1', { sync }),
    (sync) => database.del('a', { sync }),
    (sync) => database.batch([{ type: 'put', key: 'b', value: '2' }], { sync }),
    (sync) => database.batch().put('c', '3').write({ sync }),
    (sync) => database.clear({ lt: 'c', sync }),
    (sync) => database.sublevel('s').put('d', '4', { sync } as object),
  ];
  for (const write of writes) {
    expect(await syncsDuring(() => write(undefined))).toBe(0);
    expect(await syncsDuring(() => write(false))).toBe(0);
    await database.put('b', 'something to clear');
    expect(await syncsDuring(() => write(true))).toBe(1);
  }
});

test('without the option the durability of the engine counts', async () => {
  const database = place.database(undefined, { engine: { durability: 'always' } });
  await database.open();
  expect(await syncsDuring(() => database.put('a', '1'))).toBe(1);
  expect(await syncsDuring(() => database.put('a', '1', { sync: false }))).toBe(0);
});

test('buffers may be used again as soon as a call has returned, that of a chained batch, too', async () => {
  const database = place.database<Buffer, Buffer>(undefined, {
    keyEncoding: 'buffer',
    valueEncoding: 'buffer',
  });
  await database.open();
  const [key, value] = [Buffer.from('key'), Buffer.from('value')];
  const chained = database.batch().put(key, value);
  key.fill('x');
  value.fill('x');
  await chained.write();
  expect((await database.iterator().all()).map(String)).toEqual(['key,value']);
});

test.each(['memtable', 'table'])(
  'what is read from a %s is the caller’s: changing it does not change what is stored',
  async (kind) => {
    const database = place.database<string, Buffer>(undefined, { valueEncoding: 'buffer' });
    await database.put('key', Buffer.from('value'));
    if (kind === 'table') await database.compactRange('a', 'z');
    for (let round = 0; round < 2; round++) {
      expect(String(await database.get('key'))).toBe('value');
      expect(String(await database.keys({ keyEncoding: 'buffer' }).next())).toBe('key');
      (await database.get('key'))?.fill('x');
      (await database.getMany(['key']))[0]?.fill('x');
      (await database.values().all())[0]?.fill('x');
      const [entry] = await database.iterator<Buffer, Buffer>({ keyEncoding: 'buffer' }).all();
      entry?.[0].fill('x');
    }
  },
);

test('clear takes a range in several batches, and respects its limit', async () => {
  const database = place.database();
  const keys = Array.from({ length: 2_500 }, (_, index) => String(index).padStart(4, '0'));
  await database.batch(keys.map((key) => ({ type: 'put', key, value: key })));
  await database.clear({ gte: '0100', limit: 2_100, reverse: true });
  expect(await database.keys().all()).toEqual(keys.slice(0, 400));
  await database.clear({ gte: '0100' });
  expect(await database.keys().all()).toEqual(keys.slice(0, 100));
});

test('compactRange takes away what was deleted, and waits for the opening', async () => {
  const location = place.path();
  const database = place.database(location);
  const keys = Array.from({ length: 100 }, (_, index) => String(index).padStart(3, '0'));
  await database.batch(keys.map((key) => ({ type: 'put', key, value: 'x'.repeat(1_000) })));
  await database.close();
  await database.open();
  await database.clear({ gte: '010' });
  await database.close();
  void database.open();
  await database.compactRange('000', '999');
  await emptied(database);
  expect(tableBytes(location)).toBeLessThan(20_000);
  expect((await rejectionOf(database.compactRange('000', '999'))).code).toBe('LEVEL_DATABASE_NOT_OPEN');
});

test('a snapshot of another implementation is refused, and never read as the newest state', async () => {
  const [database, other] = [place.database(), place.database()];
  await Promise.all([database.put('a', '1'), other.put('a', '2')]);
  const foreign = new (AbstractSnapshot as new (options: object) => AbstractSnapshot)({ owner: other });
  expect(await rejectionOf(database.get('a', { snapshot: foreign }))).toBeInstanceOf(TypeError);
  const ofOther = other.snapshot();
  expect((await rejectionOf(database.get('a', { snapshot: ofOther }))).code).toBe('ENGINE_INVALID_ARGUMENT');
});

test.each<[string, (database: NinelivesLevel) => { close(): Promise<void> }]>([
  ['a snapshot', (database) => database.snapshot()],
  ['an iterator', (database) => database.iterator()],
])('what only %s could see is kept until it is closed, and not longer', async (_name, look) => {
  const location = place.path();
  const database = place.database(location);
  await database.put('a', 'x'.repeat(100_000));
  const looking = look(database);
  await database.put('a', 'new');
  await database.compactRange('a', 'a');
  expect(tableBytes(location)).toBeGreaterThan(100_000);
  await looking.close();
  await database.put('a', 'newer');
  await database.compactRange('a', 'a');
  await emptied(database);
  expect(tableBytes(location)).toBeLessThan(10_000);
});

/** What an iterator gives, from its documentation: of `gte` and `gt` the first counts; a seek stays in the range. */
function entriesOf(
  model: ReadonlyMap<string, string>,
  options: Range & { readonly reverse?: boolean; readonly limit?: number },
  target?: Buffer,
): [Buffer, string][] {
  if (target !== undefined && isOutside(target, options)) return [];
  const entries = [...model]
    .map(([hex, value]): [Buffer, string] => [Buffer.from(hex, 'hex'), value])
    .filter(([key]) => !isOutside(key, options))
    .sort(([left], [right]) => left.compare(right));
  if (options.reverse === true) entries.reverse();
  return entries
    .filter(([key]) => target === undefined || key.compare(target) * (options.reverse === true ? -1 : 1) >= 0)
    .slice(0, options.limit);
}

/** Closes the database when no file is left that nobody needs; they go in the background, or at the next opening. */
async function emptied(database: NinelivesLevel): Promise<void> {
  await database.close();
  await database.open();
  await database.close();
}

function tableBytes(location: string): number {
  return readdirSync(location, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.sst'))
    .reduce((sum, path) => sum + statSync(join(location, path)).size, 0);
}
