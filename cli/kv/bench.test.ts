import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CommandPlace } from '../cli-test-run.js';
import type { BenchResult } from './bench-phases.js';

let place: CommandPlace;
beforeEach(() => {
  place = new CommandPlace();
});
afterEach(() => {
  place.remove();
});

const QUICK = ['--entries', '250', '--phase-ms', '10'];

test('it measures every phase, and leaves the directory as it was', async () => {
  mkdirSync(join(place.directory, 'ninelives-bench-mine'));
  writeFileSync(join(place.directory, 'mine'), 'untouched');
  const before = place.files();
  const { exitCode, stdout, stderr } = await place.run('kv', 'bench', '.', '--json', ...QUICK);
  expect([exitCode, stderr]).toEqual([0, '']);
  const { entries, phases, stats } = JSON.parse(stdout) as BenchResult;
  expect(phases.map(({ name }) => name)).toEqual([
    'batch',
    'settle',
    'put',
    'put x 64',
    'settle',
    'get',
    'get missing',
    'scan',
  ]);
  for (const phase of phases) expect(phase.operations, phase.name).toBeGreaterThan(0);
  expect([entries, phases[0]?.operations]).toEqual([250, 250]);
  const puts = phases.filter(({ name }) => /^(batch|put)/.test(name)).map(({ operations }) => operations);
  expect(stats.visibleSequence).toBe(puts.reduce((sum, count) => sum + count, 0));
  expect(place.files()).toEqual(before);
});

test('as text it says what was measured, a line a phase', async () => {
  const { exitCode, stdout } = await place.run('kv', 'bench', ...QUICK, '--durability', 'always');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^250 entries with values of 100 bytes, durability always, in \//);
  expect(stdout).toMatch(/\nget missing +[\d,]+ +[\d,]+ +[\d.]+ +[\d.]+\n/);
});

test('after Ctrl-C nothing is left, and there are no figures', async () => {
  const child = place.start('kv', 'bench', '.', '--phase-ms', '60000');
  while (place.files().length < 3) await new Promise((resolve) => setImmediate(resolve));
  child.kill('SIGINT');
  expect(await child).toMatchObject({
    exitCode: 3,
    stdout: '',
    stderr: 'ninelives: interrupted; there are no figures.',
  });
  expect(place.files()).toEqual([]);
});

test.each([
  ['a directory that is not there', ['nowhere']],
  ['a number that is none', ['--entries', 'many']],
  ['a durability that there is not', ['--durability', 'never']],
])('%s is one sentence and exit code 2', async (_what, words) => {
  const { exitCode, stdout, stderr } = await place.run('kv', 'bench', ...words);
  expect([exitCode, stdout, stderr.split('\n').length]).toEqual([2, '', 1]);
  expect(place.files()).toEqual([]);
});
