import { execa } from 'execa';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeToken } from '../harness/run/token.js';
import { CASES } from '../scenarios/gallery/gallery-test-cases.js';
import { COMMAND, CommandPlace } from './cli-test-run.js';

let place: CommandPlace;
beforeEach(() => {
  place = new CommandPlace();
  writeFileSync(join(place.directory, 'file'), 'keep me');
  writeFileSync(join(place.directory, 'not-json.json'), 'nine lives');
  writeFileSync(join(place.directory, 'other.json'), '{"format": "other"}');
  mkdirSync(join(place.directory, 'folder'));
});
afterEach(() => place.remove());

const [someCase] = Object.values(CASES);
if (someCase === undefined) throw new Error('Expected a case in the gallery.');
const TOKEN = encodeToken({ case: someCase, build: 'x' });

test.each<[string, readonly string[], RegExp]>([
  ['an unknown command', ['frobnicate'], /unknown command 'frobnicate'/],
  ['an unknown flag', ['run', '--frob'], /unknown option '--frob'/],
  ['an unknown scenario', ['run', 'nosuch'], /the name of a scenario, got "nosuch"; there are kill-in-wal/],
  ['an unknown target', ['run', '--target', 'x'], /the name of a target, got "x"; there are lsm/],
  ['an unknown planted bug', ['gallery', 'nosuch'], /a planted bug, got "nosuch"; there are ack-before-wal/],
  ['a broken token', ['replay', `${TOKEN.slice(0, 20)}!${TOKEN.slice(21)}`], /an undamaged token, got/],
  ['a truncated token', ['replay', TOKEN.slice(0, -12)], /an undamaged token, got .*; copy it again/],
  ['a token of another target', ['replay', foreignToken()], /the target lsm or lsm\+.*, got "rocksdb"/],
  ['a case file that is not JSON', ['replay', 'not-json.json'], /Expected JSON in not-json\.json/],
  ['a case file of another format', ['replay', 'other.json'], /"format": "ninelives\/case" in other\.json/],
  ['a directory as a case file', ['replay', 'folder'], /a case file at folder, found something that is not/],
  ['a case file that is missing', ['replay', 'gone.json'], /a case file at gone\.json, found nothing; give/],
  [
    '--out that is a file',
    ['run', '--out', 'file'],
    /--out to name a directory .*, got file .*; give another/,
  ],
  ['--dir that is a file', ['run', '--dir', 'file'], /--dir to name .*, found a file at .*; make the/],
  [
    '--dir that is missing',
    ['run', '--dir', 'gone'],
    /--dir to name .*, found nothing there at .*; make the/,
  ],
  [
    '--corpus that is a file',
    ['run', '--corpus', 'file'],
    /a directory of saved cases at file, found a file/,
  ],
  ['a negative seed', ['run', '--seed', '-1'], /'-1' is invalid\. Expected a whole number from 0 to 42949/],
  ['half a seed', ['run', '--seed', '1.5'], /'1\.5' is invalid\. Expected a whole number/],
  ['a seed of letters', ['run', '--seed', 'abc'], /'abc' is invalid\. Expected a whole number/],
  [
    'a seed that is too large',
    ['run', '--seed', '4294967296'],
    /Expected a whole number from 0 to 4294967295/,
  ],
  ['no workers', ['run', '--workers', '0'], /Expected a whole number from 1 to 256/],
  ['no effort', ['run', '--effort', '0'], /Expected a number above 0/],
  ['a replay of nothing', ['replay'], /missing required argument/],
])('%s is one sentence and exit code 2, and nothing is deleted', async (_, words, sentence) => {
  const before = place.files();
  const { exitCode, stdout, stderr } = await place.run(...words);
  expect(stderr).toMatch(sentence);
  expect(stderr.split('\n'), stderr).toHaveLength(1);
  expect(stderr).not.toMatch(/\n +at |nobody foresaw/);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(place.files()).toEqual(expect.arrayContaining([...before]));
});

test('a word that is nearly a command is answered with that command', async () => {
  const { exitCode, stderr } = await place.run('replya');
  expect(stderr).toContain('Did you mean replay?');
  expect(exitCode).toBe(2);
});

test('help and version are answers, not errors', async () => {
  for (const flag of ['--help', '--version']) {
    const { exitCode, stdout, stderr } = await place.run(flag);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).not.toBe('');
  }
});

test('without a build there is one sentence that says what to do', async () => {
  mkdirSync(join(place.directory, 'cli'));
  copyFileSync(COMMAND, join(place.directory, 'cli', 'ninelives.mjs'));
  const { exitCode, stderr } = await execa(process.execPath, ['cli/ninelives.mjs', 'run'], {
    cwd: place.directory,
    reject: false,
  });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(
    /^ninelives: expected the compiled program at .*, found nothing; run `npm run build`/,
  );
  expect(stderr.split('\n')).toHaveLength(1);
});

test('list names the scenarios and the planted bugs', async () => {
  const { exitCode, stdout } = await place.run('list');
  expect(exitCode).toBe(0);
  for (const name of ['kill-in-flush', 'validation-file', ...Object.keys(CASES)])
    expect(stdout).toContain(name);
});

function foreignToken(): string {
  if (someCase === undefined) throw new Error('Expected a case in the gallery.');
  return encodeToken({ case: { ...someCase, target: 'rocksdb' }, build: 'x' });
}
