import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyDiff } from './apply-diff.js';

let directory: string;
const SOURCE = 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n';
const TWO_HUNKS = `--- a/engine/x.ts
+++ b/engine/x.ts
@@ -1,2 +1,2 @@
-one
+ONE
 two
@@ -6,3 +6,3 @@
 six
-seven
+SEVEN
 eight
`;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ninelives-diff-'));
  mkdirSync(join(directory, 'engine'));
  writeFileSync(join(directory, 'engine', 'x.ts'), SOURCE);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('every hunk changes its lines', () => {
  applyDiff(TWO_HUNKS, directory);
  expect(read()).toBe('ONE\ntwo\nthree\nfour\nfive\nsix\nSEVEN\neight\n');
});

test('lines that have moved are found', () => {
  writeFileSync(join(directory, 'engine', 'x.ts'), `zero\n${SOURCE}`);
  applyDiff(TWO_HUNKS, directory);
  expect(read()).toBe('zero\nONE\ntwo\nthree\nfour\nfive\nsix\nSEVEN\neight\n');
});

test('an empty diff changes nothing', () => {
  applyDiff('', directory);
  expect(read()).toBe(SOURCE);
});

test('a hunk that does not apply is named with its file, and nothing is changed', () => {
  writeFileSync(join(directory, 'engine', 'x.ts'), SOURCE.replace('six', '6'));
  expect(() => applyDiff(TWO_HUNKS, directory)).toThrow(
    expect.objectContaining({
      name: 'PatchError',
      code: 'does-not-apply',
      file: 'engine/x.ts',
      message:
        'Hunk 2 of 2 (near line 6) does not apply to engine/x.ts: the engine has changed there; regenerate the patch.',
    }),
  );
  expect(read()).toBe(SOURCE.replace('six', '6'));
});

test('a file that is gone is an error that says what to do', () => {
  const diff = TWO_HUNKS.replaceAll('x.ts', 'y.ts');
  expect(() => applyDiff(diff, directory)).toThrow(/engine\/y\.ts.*regenerate the patch/);
});

test.each([
  ['a file outside of engine/', TWO_HUNKS.replaceAll('engine/x.ts', 'harness/x.ts')],
  ['a path that leaves engine/', TWO_HUNKS.replaceAll('engine/x.ts', 'engine/../x.ts')],
  ['a rename', TWO_HUNKS.replace('b/engine/x.ts', 'b/engine/y.ts')],
  ['a new file', TWO_HUNKS.replace('a/engine/x.ts', '/dev/null')],
  ['a file without hunks', TWO_HUNKS.slice(0, TWO_HUNKS.indexOf('@@'))],
  ['a hunk that is shorter than it says', TWO_HUNKS.slice(0, TWO_HUNKS.lastIndexOf(' eight'))],
  ['prose', 'Lose the WAL, please.\n'],
])('%s is refused as no diff of the engine', (_, diff) => {
  expect(() => applyDiff(diff, directory)).toThrow(expect.objectContaining({ code: 'bad-diff' }));
  expect(read()).toBe(SOURCE);
});

function read(): string {
  return readFileSync(join(directory, 'engine', 'x.ts'), 'utf8');
}
