import { expect, test } from 'vitest';
import { parsePatchFile } from './patch-file.js';

const DIFF = `--- a/engine/flush.ts
+++ b/engine/flush.ts
@@ -1,1 +1,1 @@
-const safe = true;
+const safe = false;
`;
const TEXT = `id: some-bug
what: The flush is not safe: at all.
resembles: etcd#14370 (22), badger#2143 (51)
caught-by: lost, does-not-open
scenario: kill-in-flush

${DIFF}`;

test('header and diff are read', () => {
  expect(parsePatchFile('some-bug.patch', TEXT)).toEqual({
    id: 'some-bug',
    what: 'The flush is not safe: at all.',
    resembles: 'etcd#14370 (22), badger#2143 (51)',
    caughtBy: ['lost', 'does-not-open'],
    scenario: 'kill-in-flush',
    culprits: [],
    diff: DIFF,
  });
});

test('the pairs of steps that a bug breaks are read, the acknowledgement among them', () => {
  const text = `culprit: flush/sst.write before manifest/rename, wal/append before acknowledgement\n${TEXT}`;
  expect(parsePatchFile('some-bug.patch', text).culprits).toEqual([
    { lost: 'flush/sst.write', before: 'manifest/rename' },
    { lost: 'wal/append', before: 'acknowledgement' },
  ]);
});

test.each([
  ['a line that is missing', TEXT.replace(/^what: .*\n/m, ''), 'a line "what:", found none'],
  [
    'a line that is there twice',
    `scenario: kill-at-random\n${TEXT}`,
    'one line "scenario:", line 6 is another',
  ],
  ['an unknown name', `author: somebody\n${TEXT}`, 'line 1 to be one of id, what, resembles, caught-by'],
  ['an empty value', TEXT.replace(/^what: .*/m, 'what:'), 'got "what:"'],
  ['a pair without a "before"', `culprit: wal/append\n${TEXT}`, 'got "wal/append"'],
  ['a step that is none', `culprit: wal/apend before acknowledgement\n${TEXT}`, 'got "wal/apend before'],
  ['a kind that is none', TEXT.replace('lost,', 'lots,'), 'got "lots"'],
  [
    'an id that is not the name of the file',
    TEXT.replace('some-bug', 'other-bug'),
    'some-bug, got other-bug',
  ],
])('%s is an error that names the file and what is expected', (_, text, expected) => {
  expect(() => parsePatchFile('some-bug.patch', text)).toThrow(
    expect.objectContaining({ name: 'PatchError', code: 'bad-header', file: 'some-bug.patch' }),
  );
  expect(() => parsePatchFile('some-bug.patch', text)).toThrow(`In the header of some-bug.patch: expected `);
  expect(() => parsePatchFile('some-bug.patch', text)).toThrow(expected);
});

test('a file without a diff is an error', () => {
  const text = TEXT.slice(0, TEXT.indexOf('---'));
  expect(() => parsePatchFile('some-bug.patch', text)).toThrow(expect.objectContaining({ code: 'bad-diff' }));
});
