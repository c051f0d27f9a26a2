import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OpenFiles, TableFile } from './open-files.js';
import { makeTestEnvironment } from './table-test-vfs.js';

const pathOf = (number: number) => `l0/${number}.sst`;

function makeFiles(count: number, filesMax: number) {
  const { environment, files, calls } = makeTestEnvironment();
  for (let number = 0; number < count; number++) files.set(pathOf(number), Uint8Array.of(number));
  const openFiles = new OpenFiles(environment.vfs, filesMax);
  const tables = Array.from({ length: count }, (_, number) => new TableFile(openFiles, pathOf(number)));
  return { openFiles, tables, calls, files };
}

test('whatever is read, no more than the limit is open, and the ones read last are', () => {
  const [limit, reads] = [fc.integer({ min: 1, max: 5 }), fc.array(fc.nat({ max: 7 }), { maxLength: 50 })];
  fc.assert(
    fc.property(limit, reads, (filesMax, numbers) => {
      const { openFiles, tables, calls } = makeFiles(8, filesMax);
      let open: number[] = [];
      for (const number of numbers) {
        calls.length = 0;
        expect(tables[number]?.read(0, 1, 'scan/sst.read')).toEqual(Uint8Array.of(number));
        const opened = calls.filter((call) => call === `scan/sst.read ${pathOf(number)}`).length === 2;
        expect(opened).toBe(!open.includes(number));
        open = [...open.filter((other) => other !== number), number].slice(-filesMax);
        expect(openFiles.count).toBe(open.length);
      }
    }),
  );
});

test('a file is opened with the label of the read that needs it', () => {
  const { tables, calls } = makeFiles(2, 1);
  tables[0]?.size('recovery/sst.read');
  tables[1]?.read(0, 1, 'get/sst.read');
  tables[0]?.read(0, 1, 'compaction/sst.read');
  expect(calls).toEqual([
    'recovery/sst.read l0/0.sst',
    'get/sst.read l0/1.sst',
    'get/sst.read l0/1.sst',
    'compaction/sst.read l0/0.sst',
    'compaction/sst.read l0/0.sst',
  ]);
});

test('a closed file is open no more and cannot be read, open or not when it was closed', () => {
  const { openFiles, tables } = makeFiles(2, 8);
  tables[0]?.read(0, 1, 'get/sst.read');
  for (const table of tables) table.close();
  expect(openFiles.count).toBe(0);
  for (const table of tables) expect(() => table.read(0, 1, 'get/sst.read')).toThrow('was closed');
});

test('a file that is gone when it is to be opened again is damage', () => {
  const { tables, files } = makeFiles(2, 1);
  tables[0]?.read(0, 1, 'get/sst.read');
  tables[1]?.read(0, 1, 'get/sst.read');
  files.delete(pathOf(0));
  expect(() => tables[0]?.read(0, 1, 'get/sst.read')).toThrow(
    expect.objectContaining({ code: 'ENGINE_CORRUPT', file: pathOf(0) }),
  );
});
