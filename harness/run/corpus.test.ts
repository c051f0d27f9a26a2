import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CaseFile } from './case-file.js';
import { CASE_FILE_BYTES_MAX } from './case-file.js';
import { loadCase, loadCorpus, loadHistory, saveCase } from './corpus.js';
import { testCase } from './run-test-place.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ninelives-corpus-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const FILE: CaseFile = {
  format: 'ninelives/case',
  version: 1,
  case: testCase([{ operations: [], end: 'kill idle' }]),
  expected: 'violated',
  violations: [],
  build: 'x',
  foundBy: { seed: 1, command: 'x' },
};

test('what was saved is loaded, by name, with its history beside it', () => {
  const history = [{ kind: 'open', life: 0 }] as const;
  const directory = join(root, 'a', 'b');
  const second = saveCase(directory, 'second', FILE, history);
  const first = saveCase(directory, 'first', { ...FILE, build: 'y' }, []);
  writeFileSync(join(directory, 'README.md'), 'not a case');
  expect(loadCorpus(directory)).toEqual([
    { path: first, file: { ...FILE, build: 'y' } },
    { path: second, file: FILE },
  ]);
  expect([loadHistory(second), loadHistory(first)]).toEqual([history, []]);
});

test('a directory that is not there holds no cases, and a case without history has none', () => {
  // A mistyped --corpus once passed for a corpus of no cases.
  expect(() => loadCorpus(join(root, 'nothing'))).toThrow(expect.objectContaining({ code: 'bad-path' }));
  expect(loadHistory(join(root, 'nothing.json'))).toBeUndefined();
});

test.each([
  ['{"format": "ninelives/case", "version', 'not-json'],
  ['{"format": "other"}', 'not-a-case'],
  ['{"format": "ninelives/case", "version": 2}', 'wrong-version'],
  ['{"format": "ninelives/case", "version": 1}', 'bad-field'],
  [' '.repeat(CASE_FILE_BYTES_MAX + 1), 'too-large'],
])('a bad file among good ones is an error that names it, never skipped (%#)', (text, code) => {
  saveCase(root, 'a-good', FILE, []);
  writeFileSync(join(root, 'bad.json'), text);
  expect(() => loadCorpus(root)).toThrow(
    expect.objectContaining({
      name: 'CaseError',
      code,
      message: expect.stringContaining(join(root, 'bad.json')) as string,
    }),
  );
});

test('a file in place of the directory, and a directory in place of a case, are bad paths', () => {
  // A corpus that was a file once ended the run with ENOTDIR and a stack.
  writeFileSync(join(root, 'file'), '');
  expect(() => loadCorpus(join(root, 'file'))).toThrow(expect.objectContaining({ code: 'bad-path' }));
  mkdirSync(join(root, 'folder.json'));
  expect(() => loadCorpus(root)).toThrow(expect.objectContaining({ code: 'bad-path' }));
  expect(() => loadCase(join(root, 'missing.json'))).toThrow(expect.objectContaining({ code: 'bad-path' }));
});
