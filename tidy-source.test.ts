import { expect, test } from 'vitest';
import { cyclesOf, impuritiesOf, opensWithProse, readSource } from './tidy-source.js';

const read = (text: string) => readSource('harness/run/example.ts', text);

test('every way of importing is seen, and whether it is erased', () => {
  const { imports } = read(`
    import a, { b as c, type D } from './record.js';
    import type { E } from '../workload/case.js';
    export { f } from '../random.js';
    export type * from 'valibot';
    const g = await import('node:fs');
    type H = import('../../engine/vfs/vfs.js').Vfs;
    // import i from 'comment';
    const j = "import k from 'text'";
  `);
  expect(imports).toEqual([
    { line: 2, target: 'harness/run/record.ts', typeOnly: false, names: ['b'] },
    { line: 3, target: 'harness/workload/case.ts', typeOnly: true, names: ['E'] },
    { line: 4, target: 'harness/random.ts', typeOnly: false, names: [] },
    { line: 5, target: 'valibot', typeOnly: true, names: [] },
    { line: 6, target: 'node:fs', typeOnly: false, names: [] },
    { line: 7, target: 'engine/vfs/vfs.ts', typeOnly: true, names: [] },
  ]);
});

test('each cycle is found once', () => {
  const targets = new Map([
    ['a', ['b', 'c']],
    ['b', ['c']],
    ['c', ['b', 'd']],
    ['d', ['d']],
    ['e', ['a']],
  ]);
  expect(cyclesOf(targets)).toEqual(['b -> c -> b', 'd -> d']);
  expect(
    cyclesOf(
      new Map([
        ['a', ['b', 'c']],
        ['b', ['c']],
      ]),
    ),
  ).toEqual([]);
});

test('prose stands before the imports or before the first declaration', () => {
  const opens = (text: string) => opensWithProse(read(text).tree);
  expect(opens('/** What this file is. */\nimport a from "a";\nexport const b = a;')).toBe(true);
  expect(opens('import a from "a";\n\n// What this file is.\nexport const b = a;')).toBe(true);
  expect(opens('import a from "a";\nexport const b = a;\n/** What c is for. */\nconst c = b;')).toBe(false);
  expect(opens('// eslint-disable-next-line no-control-regex\nexport const b = 1;')).toBe(false);
  expect(opens('/** Short. */\nexport const b = 1;')).toBe(false);
});

test('the wall clock and unseeded randomness are found in code, not in comments', () => {
  expect(
    impuritiesOf(
      read(`// Math.random() is banned
        const a = Math.random();
        const b = 'Date.now()';
        const c = Date.now;
        const d = new Date();
        const e = performance.now();
        const f = new DateParser();`).tree,
    ),
  ).toEqual(['2 uses Math.random', '4 uses Date.now', '5 uses new Date', '6 uses performance.now']);
});

test('a file that is there for tests counts as one', () => {
  expect(readSource('engine/table/table-test-arbitraries.ts', '').isTest).toBe(true);
  expect(readSource('engine/table/table.test.ts', '').isTest).toBe(true);
  expect(readSource('engine/table/attest.ts', '').isTest).toBe(false);
});
