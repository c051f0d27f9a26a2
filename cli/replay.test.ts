import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeHistory } from '../harness/history/ndjson.js';
import { encodeCaseFile } from '../harness/run/case-file.js';
import { encodeToken } from '../harness/run/token.js';
import type { CrashCase } from '../harness/workload/case.js';
import { CASES } from '../scenarios/gallery/gallery-test-cases.js';
import { CommandPlace } from './cli-test-run.js';

let place: CommandPlace;
beforeEach(() => {
  place = new CommandPlace();
});
afterEach(() => place.remove());

const BUG = 'wal-deleted-before-publish';

test('a token of a planted bug shows the violation, twice the same bytes on stdout, and exit code 1', async () => {
  const token = encodeToken({ case: { ...galleryCase(), target: `lsm+${BUG}` }, build: 'another' });
  const [first, second] = [await place.run('replay', token), await place.run('replay', token)];
  expect(first.exitCode).toBe(1);
  expect(first.stdout).toContain('VIOLATED');
  expect(first.stdout).toMatch(/history [0-9a-f]{16}$/);
  expect([second.exitCode, second.stdout]).toEqual([first.exitCode, first.stdout]);
  expect(first.stderr).toContain('the case was saved with build another');
  expect(place.files()).toEqual([]);
});

test('the sound engine holds the same case, as often as asked, with exit code 0', async () => {
  const token = encodeToken({ case: galleryCase(), build: 'another' });
  const { exitCode, stdout } = await place.run('replay', token, '--runs', '3');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('HELD');
  expect(stdout).toContain('The same bytes in 3 of 3 runs.');
});

test('what was planned and never struck is said, since nothing was proved by it', async () => {
  const operations = [{ operation: { kind: 'put', key: 'a', value: '1' } }] as const;
  const powerCase: CrashCase = {
    ...galleryCase(),
    lives: [
      { operations, end: 'power ext4 before wal/append #9' },
      {
        operations: [],
        faults: ['io-error EIO at wal/fsync #9'],
        end: 'power xfs idle lose manifest/rename#1',
      },
      { operations: [], end: 'power xfs idle' },
    ],
  };
  const { exitCode, stdout } = await place.run('replay', encodeToken({ case: powerCase, build: 'x' }));
  expect(exitCode).toBe(0);
  expect(stdout.split('\n').filter((line) => /^life \d( did|:)/.test(line))).toEqual([
    expect.stringContaining('life 0 did not end as planned: the power loss never came'),
    'life 1: io-error EIO at wal/fsync #9 never struck.',
    expect.stringContaining('life 1 did not end as planned'),
  ]);
});

test('as JSON the history is NDJSON and nothing else', async () => {
  const { stdout } = await place.run('replay', encodeToken({ case: galleryCase(), build: 'x' }), '--json');
  const events = stdout.split('\n').map((line) => JSON.parse(line) as { kind: string });
  expect(events[0]).toHaveProperty('kind');
  expect(events.map(({ kind }) => kind)).toContain('crash');
});

test('a case file is played like its token', async () => {
  writeFileSync(join(place.directory, 'case.json'), caseFileText(galleryCase()));
  const { exitCode, stdout } = await place.run('replay', 'case.json');
  expect([exitCode, stdout.includes('HELD')]).toEqual([0, true]);
});

test('a timed kill is not played again: its saved history is judged', async () => {
  const timed: CrashCase = { ...galleryCase(), lives: [{ operations: [], end: 'kill at 1ms' }] };
  writeFileSync(join(place.directory, 'case.json'), caseFileText(timed));
  const error = { code: 'ENGINE_CORRUPT', message: 'no MANIFEST' };
  const history = encodeHistory([{ kind: 'open-failed', life: 0, error }]);
  writeFileSync(join(place.directory, 'case.history.ndjson'), history);
  const { exitCode, stdout, stderr } = await place.run('replay', 'case.json');
  expect(stderr).toContain('a timed kill cannot be repeated');
  expect(stdout).toContain('does-not-open');
  expect(exitCode).toBe(1);
});

function galleryCase(): CrashCase {
  const found = CASES[BUG];
  if (found === undefined) throw new Error(`Expected a case for ${BUG}.`);
  return found;
}

function caseFileText(crashCase: CrashCase): string {
  return encodeCaseFile({
    format: 'ninelives/case',
    version: 1,
    case: crashCase,
    expected: 'violated',
    violations: [],
    build: 'x',
    foundBy: { seed: 1, command: 'vitest' },
  });
}
