/**
 * The rules that matter, as tests; each failure says why the rule is there and what to do instead. Files are read
 * with the TypeScript parser, never by pattern, so a rule is not broken by a comment that names it. The rules look
 * at every .ts and .tsx file on disk, committed or not.
 */
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  cyclesOf,
  folderOf,
  impuritiesOf,
  isForTests,
  isSource,
  opensWithProse,
  pathsUnder,
  readSource,
  type Import,
} from './tidy-source.js';

const FOLDERS = ['engine', 'harness', 'scenarios', 'reports', 'cli', 'bench'];

/** Files longer than the limit. May only shrink: split the file, do not add it here. */
const LONG_FILES: readonly string[] = [];
const LINES_MAX = 300;

/** The injected sources of time and randomness: all other code gets them handed in. */
const INJECTED_SOURCES: readonly RegExp[] = [/^harness\/run\/wall-clock\.ts$/, /^bench\//, /^cli\//];

/** Tests of a whole folder or of the whole repository; all others stand beside the file that they test. */
const TESTS_OF_FOLDERS: readonly string[] = [
  'docs.test.ts',
  'tidy.test.ts',
  'engine/abstract-level/killed.test.ts',
  'engine/abstract-level/suite.test.ts',
  'engine/bytes/bytes.test.ts',
  'engine/inspect/crash-states.test.ts',
  'engine/inspect/damage.test.ts',
  'engine/damage.test.ts',
  'engine/error-codes.test.ts',
  'engine/full-disk.test.ts',
  'engine/step-failures.test.ts',
  'engine/table/damage.test.ts',
  'engine/manifest/format.test.ts',
  'engine/recovery/interrupted.test.ts',
  'engine/wal/format.test.ts',
  'harness/power/lives-in-a-row.test.ts',
  'scenarios/scenarios.test.ts',
];

/** What a folder may import; everybody may import itself. Tests may also import packages for tests. */
const DOORS: Readonly<
  Record<string, { readonly why: string; readonly allows: (wanted: Import, path: string) => boolean }>
> = {
  engine: {
    why: 'the engine is usable by itself and knows nothing of the harness; hand in what it needs',
    allows: ({ target }, path) =>
      target.startsWith('node:') ||
      ['xxhash-wasm', 'crc-32'].includes(target) ||
      (target === 'abstract-level' && path.startsWith('engine/abstract-level/')),
  },
  harness: {
    why: 'the harness treats the engine as its users do; use engine/index.ts, engine/vfs/* or engine/environment.ts',
    allows: ({ target }) =>
      isPackage(target) || /^engine\/(index\.ts|environment\.ts|vfs\/[^/]+)$/.test(target),
  },
  scenarios: {
    why: 'a scenario says what is promised, not how it is run; export what it needs from harness/',
    allows: ({ target }) => isPackage(target) || target.startsWith('harness/'),
  },
  reports: {
    why: 'a report reads the run record only (its types and its schema); add what it needs to harness/run/record.ts and `import type` that',
    allows: ({ target, typeOnly, names }) =>
      isPackage(target) ||
      (typeOnly && RECORD_TYPES.includes(target)) ||
      target === 'harness/run/record-schema.ts' ||
      (target === 'harness/workload/operation.ts' &&
        names.length > 0 &&
        names.every((name) => ['operationText', 'byteText'].includes(name))),
  },
  bench: {
    why: 'a benchmark measures the parts, not the command; import from engine/, harness/ or scenarios/',
    allows: ({ target }) => !target.startsWith('cli/'),
  },
  cli: { why: 'the command may import everything', allows: () => true },
};
const RECORD_TYPES = [
  'harness/run/record.ts',
  'harness/checker/verdict.ts',
  'harness/history/event.ts',
  'harness/workload/case.ts',
  'harness/workload/operation.ts',
];
const TEST_PACKAGES = ['vitest', 'fast-check'];

const files = [...FOLDERS.flatMap(pathsUnder), ...readdirSync('.').filter(isSource)].map((path) =>
  readSource(path),
);

test('the rules see the code', () => {
  expect(files.map(({ path }) => path)).toContain('engine/vfs/step.ts');
  const history = files.find(({ path }) => path === 'harness/history/event.ts');
  expect(history?.imports.map(({ target, typeOnly }) => [target, typeOnly])).toEqual([
    ['harness/workload/case.ts', true],
    ['harness/workload/operation.ts', true],
  ]);
});

test('every folder imports only through its doors', () => {
  expectNone(
    'Folders are the stages of the flow; an import against the flow ties them together for ever.',
    files.flatMap(({ path, isTest, imports }) => {
      const folder = folderOf(path);
      const door = DOORS[folder];
      if (door === undefined) return [];
      return imports
        .filter((wanted) => folderOf(wanted.target) !== folder || isPackage(wanted.target))
        .filter(({ target }) => !(isTest && TEST_PACKAGES.includes(target)))
        .filter((wanted) => !door.allows(wanted, path))
        .map(({ line, target }) => `${path}:${line} imports ${target}: ${door.why}`);
    }),
  );
});

test('nothing but tests imports what is there for tests', () => {
  expectNone(
    'It would bring fast-check into the program; move what is needed to a file of its own.',
    files
      .filter(({ isTest }) => !isTest)
      .flatMap(({ path, imports }) =>
        imports.map(({ line, target }) => ({ place: `${path}:${line}`, target })),
      )
      .filter(({ target }) => isForTests(target))
      .map(({ place, target }) => `${place} imports ${target}`),
  );
});

test('no file is part of an import cycle', () => {
  const targets = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target),
    ]),
  );
  expectNone(
    'Files of a cycle load in an order that depends on who came first; move what both need to a third file.',
    cyclesOf(targets),
  );
});

test(`no file has more than ${LINES_MAX} lines`, () => {
  const long = files
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > LINES_MAX);
  expectNone(
    'A file holds one concept; give the second one a file of its own.',
    long
      .filter(({ path }) => !LONG_FILES.includes(path))
      .map(({ path, lines }) => `${path} has ${lines} lines`),
  );
  expectNone(
    'LONG_FILES may only shrink; remove what is no longer long.',
    LONG_FILES.filter((path) => !long.some((file) => file.path === path)),
  );
});

test('every file opens with prose', () => {
  expectNone(
    'Write what the file is, its algorithm or format and what it does not do, at the top or after the imports.',
    files
      .filter(({ path, isTest, tree }) => !isTest && !path.endsWith('.config.ts') && !opensWithProse(tree))
      .map(({ path }) => path),
  );
});

test('time and randomness come from the injected sources only', () => {
  expectNone(
    'A run must give the same bytes again; take a clock or a stream of harness/random.ts as a parameter.',
    files
      .filter(({ path }) => !INJECTED_SOURCES.some((source) => source.test(path)))
      .flatMap(({ path, tree }) => impuritiesOf(tree).map((found) => `${path}:${found}`)),
  );
});

test('nothing is left to do', () => {
  const marks = new RegExp(
    `\\b(${['TO', 'FIX'].map((start, index) => start + ['DO', 'ME'][index]).join('|')})\\b`,
  );
  expectNone(
    'Do it, or write an issue; a mark in the code is read by nobody.',
    files.filter(({ text }) => marks.test(text)).map(({ path }) => path),
  );
});

test('no file or folder is named utils, helpers or common', () => {
  expectNone(
    'Such a place gathers what has nothing in common; name it after its topic, as in bytes/varint.ts.',
    files
      .map(({ path }) => path)
      .filter((path) => path.split(/[/.]/).some((part) => /^(utils?|helpers?|common)$/.test(part))),
  );
});

test('every test stands beside the file that it tests', () => {
  expectNone(
    'Rename the test after the file that it tests, or add it to TESTS_OF_FOLDERS if it tests a whole folder.',
    files
      .map(({ path }) => path)
      .filter((path) => /\.test\.tsx?$/.test(path) && !TESTS_OF_FOLDERS.includes(path))
      .filter((path) => !['.ts', '.tsx'].some((end) => existsSync(path.replace(/\.test\.tsx?$/, end)))),
  );
});

function expectNone(rule: string, offences: readonly string[]): void {
  expect(offences, [rule, ...offences].join('\n  ')).toEqual([]);
}

function isPackage(target: string): boolean {
  return !existsSync(target) && !FOLDERS.includes(folderOf(target));
}
