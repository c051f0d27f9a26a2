import { expect, test } from 'vitest';
import type { Entry } from '../entry.js';
import { iterate } from '../iterator/iterator-test-entries.js';
import { Peekable } from '../iterator/peekable.js';
import { EMPTY_VERSION } from '../manifest/version.js';
import { writeTable } from '../table/builder.js';
import type { TableMeta } from '../table/meta.js';
import { makeTestEnvironment } from '../table/table-test-vfs.js';
import { checkOrder, type SoundTable } from './check-order.js';
import { readBlocks, readFooter } from './table-parts.js';

/** Tables of these levels; each is a list of `[key, sequence]`. Numbers are given from 1 on, level by level. */
async function check(levels: readonly (readonly (readonly (readonly [string, number])[])[])[]) {
  const environment = makeTestEnvironment();
  const tables = new Map<number, SoundTable>();
  const metas: TableMeta[][] = [];
  for (const [level, contents] of levels.entries()) {
    metas[level] = [];
    for (const content of contents) {
      const number = tables.size + 1;
      const entries = content.map(([key, sequence]): Entry => {
        return { key: Buffer.from(key), sequence, kind: 'value', value: Buffer.from('v') };
      });
      metas[level].push(
        await writeTable(environment, level, number, new Peekable(iterate(entries)), 'flush'),
      );
      const file = environment.environment.vfs.open(`l${level}/00000${number}.sst`, 'recovery/sst.read');
      tables.set(number, { file, index: readBlocks(file, readFooter(file)).index });
    }
  }
  return [...checkOrder({ ...EMPTY_VERSION, levels: metas }, tables)];
}

test('versions that get older from level to level are in order', async () => {
  const findings = await check([
    [
      [['a', 9]],
      [
        ['a', 7],
        ['b', 8],
      ],
    ],
    [
      [
        ['a', 5],
        ['a', 4],
      ],
      [['b', 6]],
    ],
    [
      [
        ['a', 1],
        ['b', 2],
        ['c', 3],
      ],
    ],
  ]);
  expect(findings).toEqual([]);
});

test('sequence numbers of different keys say nothing about each other', async () => {
  expect(await check([[], [[['a', 1]]], [[['b', 9]]]])).toEqual([]);
});

test('a newer version below an older one is a fault that names both', async () => {
  const what = 'version 9 of "a" lies below the older version 5 in l1/000001.sst: a get finds the older one';
  expect(await check([[], [[['a', 5]]], [[['a', 9]]]])).toEqual([
    { kind: 'fault', file: 'l2/000002.sst', offset: 0, what },
  ]);
});

test('tables of L0 in the wrong order are a fault', async () => {
  expect(await check([[[['a', 5]], [['a', 9]]]])).toMatchObject([{ kind: 'fault', file: 'l0/000002.sst' }]);
});

test('one version in two tables is a fault', async () => {
  const findings = await check([[[['a', 5]]], [[['a', 5]]]]);
  expect(findings).toMatchObject([
    { kind: 'fault', what: expect.stringContaining('holds the same version 5 of "a", too') as string },
  ]);
});
