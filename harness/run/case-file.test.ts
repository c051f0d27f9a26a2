import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryCase } from './case-arbitrary.js';
import { CASE_FILE_BYTES_MAX, encodeCaseFile, parseCaseFile, type CaseFile } from './case-file.js';

const FILE: CaseFile = {
  format: 'ninelives/case',
  version: 1,
  case: {
    format: 1,
    scenario: 'kill-at-manifest-rename',
    target: 'lsm',
    options: { memtableEntriesMax: 4, durability: 'os' },
    seed: 7,
    lives: [
      {
        operations: [
          { operation: { kind: 'put', key: 'a', value: '0.0' } },
          { operation: { kind: 'flush' } },
        ],
        end: 'kill after manifest/rename #1',
      },
    ],
  },
  expected: 'violated',
  violations: [{ kind: 'lost', message: 'put "a" = "0.0" was acknowledged and is gone.' }],
  build: '0123456789abcdef',
  foundBy: { seed: 42, command: 'ninelives run --seed 42' },
};

/** The text of FILE with one value changed; the path is written as a failure names it, `undefined` removes a field. */
function changed(path: string, value: unknown): string {
  const file = structuredClone(FILE) as unknown as Record<string, unknown>;
  const names = path.split('.');
  let parent = file;
  for (const name of names.slice(0, -1)) parent = parent[name] as Record<string, unknown>;
  parent[names.at(-1) ?? ''] = value;
  return JSON.stringify(file);
}

const problem = (code: string, ...words: string[]): unknown =>
  expect.objectContaining({
    name: 'CaseError',
    code,
    message: expect.stringMatching(
      new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')),
    ) as string,
  });

test('a saved case is read back as it was', () => {
  fc.assert(
    fc.property(arbitraryCase(), (crashCase) => {
      const file = { ...FILE, case: crashCase };
      expect(parseCaseFile(encodeCaseFile(file), 'x.json')).toEqual(file);
    }),
  );
});

test('equal cases are equal text, in whatever order their fields were set', () => {
  const { lives, options, ...rest } = FILE.case;
  const reordered: CaseFile = {
    ...FILE,
    case: { lives, options: Object.fromEntries(Object.entries(options).reverse()), ...rest },
  };
  expect(JSON.stringify(reordered)).not.toBe(JSON.stringify(FILE));
  expect(encodeCaseFile(reordered)).toBe(encodeCaseFile(FILE));
});

test('the text is indented by two spaces and ends with a line break', () => {
  const text = encodeCaseFile(FILE);
  expect(
    text.startsWith('{\n  "format": "ninelives/case",\n  "version": 1,\n  "case": {\n    "format": 1,'),
  ).toBe(true);
  expect(text.endsWith('}\n')).toBe(true);
});

test('a text that is no JSON is refused', () => {
  expect(() => parseCaseFile('{"format"', 'x.json')).toThrow(problem('not-json', 'Expected JSON in x.json'));
});

test.each(['null', '5', '[]', '{}', '{"format":"ninelives/run-record"}'])('%s is no case', (text) => {
  expect(() => parseCaseFile(text, 'x.json')).toThrow(problem('not-a-case', '"ninelives/case" in x.json'));
});

test('a file of another version is refused', () => {
  expect(() => parseCaseFile(changed('version', 2), 'x.json')).toThrow(
    problem('wrong-version', 'Expected version 1', 'in x.json, got 2'),
  );
});

test('a file that is too large is refused before it is parsed', () => {
  expect(() => parseCaseFile('['.repeat(CASE_FILE_BYTES_MAX + 1), 'x.json')).toThrow(
    problem('too-large', 'x.json'),
  );
});

test('more operations than a case may have are refused', () => {
  const operations = Array.from({ length: 50_001 }, () => ({ operation: { kind: 'sync' } }));
  const text = changed('case.lives', [
    { operations, end: 'close' },
    { operations, end: 'close' },
  ]);
  expect(() => parseCaseFile(text, 'x.json')).toThrow(problem('too-large', '100000 operations', '100002'));
});

test.each([
  ['case.format', 2, 'Expected 1 at case.format'],
  ['case.seed', -1, 'a seed from 0 to 2^32 - 1 at case.seed'],
  ['case.scenario', '', 'a name of 1 to 200 characters at case.scenario'],
  ['case.target', undefined, '"target" at case.target in x.json, got nothing'],
  ['case.options', [], 'Expected an object at case.options in x.json, got Array'],
  ['case.lives', [], '1 to 1000 lives at case.lives'],
  ['case.lives.0.end', 'kill after manifest/renam #1', 'did you mean manifest/rename?) at case.lives.0.end'],
  ['case.lives.0.operations.0.operation.kind', 'merge', 'got "merge"'],
  [
    'case.lives.0.operations.0.operation.key',
    '',
    'a key of 1 to 65,535 bytes at case.lives.0.operations.0.operation.key',
  ],
  ['case.lives.0.operations.0.operation.value', '\u0100', 'byte text'],
  [
    'case.lives.0.operations.0.turns',
    [0, -1],
    'a whole number from 0 to 2^31 - 1 at case.lives.0.operations.0.turns.1',
  ],
  ['case.lives.0.operations.1.overlaps', true, 'Expected no field case.lives.0.operations.1.overlaps'],
  ['expected', 'broken', 'at expected in x.json, got "broken"'],
  ['violations.0.kind', 'eaten', 'at violations.0.kind'],
  ['build', 5, 'at build in x.json, got 5'],
  ['foundBy', null, 'at foundBy in x.json, got null'],
])('%s = %j is refused by its path', (path, value, words) => {
  expect(() => parseCaseFile(changed(path, value), 'x.json')).toThrow(problem('bad-field', words));
});

test('a case that needs real processes and simulated ones is refused', () => {
  const operations = FILE.case.lives[0]?.operations ?? [];
  const withLives = (...lives: readonly object[]) =>
    JSON.stringify({ ...FILE, case: { ...FILE.case, lives } });
  const timed = { operations, end: 'kill at 5ms' };
  const power = { operations, end: 'power ext4 idle' };
  const faulted = { operations, faults: ['io-error EIO at wal/fsync #1'], end: 'kill idle' };
  for (const other of [power, faulted]) {
    const text = withLives(other, timed);
    expect(() => parseCaseFile(text, 'x.json')).toThrow(problem('bad-field', 'x.json, got kill at 5ms'));
  }
  expect(parseCaseFile(withLives(power, faulted), 'x.json').case.lives).toHaveLength(2);
});

test('too many completions or I/O errors are refused by their number', () => {
  const [life] = FILE.case.lives;
  const withLife = (more: object) =>
    JSON.stringify({ ...FILE, case: { ...FILE.case, lives: [{ ...life, ...more }] } });
  const faults = Array.from({ length: 101 }, () => 'io-error EIO at wal/fsync #1');
  expect(() => parseCaseFile(withLife({ faults }), 'x.json')).toThrow(
    problem('bad-field', 'Expected at most 100 I/O errors at case.lives.0.faults'),
  );
  const completions = Array.from({ length: 100_001 }, () => 0);
  expect(() => parseCaseFile(withLife({ completions }), 'x.json')).toThrow(
    problem('bad-field', 'Expected at most 100000 completions at case.lives.0.completions'),
  );
});

test('a case that could not be read back is not saved', () => {
  const wrong = { ...FILE, case: { ...FILE.case, seed: 0.5 } };
  expect(() => encodeCaseFile(wrong)).toThrow(problem('bad-field', 'case.seed in the case to save'));
});
