import { execaCommand } from 'execa';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EMPTY_DISK } from '../harness/disk/disk.js';
import type { Trace, TraceStep } from '../harness/disk/trace.js';
import { encodeTrace, TraceEncoder } from '../harness/disk/trace-file.js';
import { COMMAND, CommandPlace } from './cli-test-run.js';

let place: CommandPlace;
beforeEach(() => (place = new CommandPlace()));
afterEach(() => place.remove());

const FILE = { inode: 1, path: 'wal/2.wal' };
const STEPS: readonly TraceStep[] = [
  { kind: 'mkdir', label: 'open/mkdir', path: 'wal' },
  { kind: 'create', label: 'wal/create', ...FILE },
  { kind: 'write', label: 'wal/append', ...FILE, offset: 0, bytes: Uint8Array.of(0x61, 0x1b, 0xff) },
  { kind: 'sync', label: 'wal/fsync', ...FILE, whole: false, since: 3, answered: true },
];
const TRACE: Trace = {
  steps: STEPS,
  marks: [{ step: 3, text: '{"kind":"open","life":0}' }],
};

function save(name: string, bytes: Uint8Array): string {
  writeFileSync(join(place.directory, name), bytes);
  return name;
}

function cutTrace(): Uint8Array {
  const encoder = new TraceEncoder(EMPTY_DISK);
  const parts = [encoder.start(), ...STEPS.map((step) => encoder.step(step))];
  return Buffer.concat(parts).subarray(0, -1);
}

test('a trace is shown a line each step, with its marks and totals', async () => {
  const { exitCode, stdout, stderr } = await place.run(
    'trace',
    'show',
    save('a', encodeTrace(TRACE, EMPTY_DISK)),
  );
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout.split('\n').map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
    'disk before step 0: 0 directories, 0 files, 0 bytes',
    '0 open/mkdir#1 mkdir wal',
    '1 wal/create#1 create wal/2.wal',
    '2 wal/append#1 wal/2.wal +3 bytes at 0',
    '| open',
    '3 wal/fsync#1 fdatasync wal/2.wal (covers steps before 3)',
    '4 steps, 1 write of 3 bytes, 1 sync, 1 mark',
  ]);
});

test('--from, --to and --data pick what is shown', async () => {
  const file = save('a', encodeTrace(TRACE, EMPTY_DISK));
  const { stdout } = await place.run('trace', 'show', file, '--from', '2', '--to', '2', '--data');
  expect(stdout).toMatch(/append#1 .*\n +00000000 {2}61 1b ff +\|a\.\.\|\n4 steps/);
  expect(stdout).not.toMatch(/create|fsync#1|\| open/);
});

test('--json prints one JSON object a line', async () => {
  const { stdout } = await place.run(
    'trace',
    'show',
    save('a', encodeTrace(TRACE, EMPTY_DISK)),
    '--json',
    '--data',
  );
  expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
  const lines = stdout.split('\n').map((line) => JSON.parse(line) as object);
  expect(lines).toHaveLength(STEPS.length + 3);
  expect(lines[3]).toEqual({ ...STEPS[2], step: 2, name: 'wal/append#1', length: 3, bytes: 'a\u001b\u00ff' });
  expect(lines.at(-1)).toMatchObject({ kind: 'end', steps: 4, marks: 1, cut: false });
});

test('a trace that was cut is shown, and is an error unless --cut-ok is given', async () => {
  const file = save('cut', cutTrace());
  const strict = await place.run('trace', 'show', file);
  expect(strict.exitCode).toBe(2);
  expect(strict.stderr).toMatch(
    /^ninelives: Expected a whole trace in cut, got .* cut at byte \d+; .*--cut-ok/,
  );
  const allowed = await place.run('trace', 'show', file, '--cut-ok');
  expect([allowed.exitCode, allowed.stderr]).toEqual([0, '']);
  for (const { stdout } of [strict, allowed]) {
    expect(stdout).toContain('wal/append#1');
    expect(stdout).not.toContain('wal/fsync#1');
    expect(stdout).toMatch(/\n3 steps, .*\ncut at byte \d+: /);
  }
});

test.each<[string, readonly string[], RegExp]>([
  ['a file that is missing', ['gone'], /a trace file at gone, found nothing; give/],
  ['a directory', ['folder'], /a trace file at folder, found something that is not a file; give/],
  ['an empty file', ['empty', '--cut-ok'], /a header of 6 bytes at byte 0 of empty, got an empty file; /],
  ['another file', ['foreign'], /a trace, .*at byte 0 of foreign, got "nine"; give a file/],
  ['another version', ['version'], /version 1 of the trace format .*, got version 9; use the ninelives/],
  ['a corrupt file', ['corrupt', '--cut-ok'], /checksum \w+ .* of corrupt, got \w+; it was damaged/],
  ['a range that is none', ['whole', '--from', '3', '--to', '2'], /--to to be at least --from, got 2 and 3/],
  [
    'a step that is no number',
    ['whole', '--from', 'x'],
    /Expected a whole number .*`ninelives trace show --help`/,
  ],
  ['no file', [], /missing required argument/],
])('%s is one sentence and exit code 2', async (_, words, sentence) => {
  const whole = encodeTrace(TRACE, EMPTY_DISK);
  save('whole', whole);
  save('empty', new Uint8Array(0));
  save('foreign', Buffer.from('nine lives'));
  save('version', Buffer.from('NLTR\u0009\u0000'));
  save('corrupt', whole.slice().fill(0x55, 30, 31));
  mkdirSync(join(place.directory, 'folder'));
  const { exitCode, stdout, stderr } = await place.run('trace', 'show', ...words);
  expect(stderr).toMatch(sentence);
  expect(stderr.split('\n'), stderr).toHaveLength(1);
  expect([exitCode, stdout]).toEqual([2, '']);
});

test('names and marks that would write to the terminal are escaped', async () => {
  const evil = '\u001b[2J\u202eevil';
  const trace: Trace = {
    steps: [{ kind: 'mkdir', label: evil, path: evil }],
    marks: [{ step: 1, text: evil }],
  };
  const { stdout } = await place.run('trace', 'show', save('evil', encodeTrace(trace, EMPTY_DISK)));
  expect(stdout).toMatch(/^[\x20-\x7e\n]*$/);
  expect(stdout).toContain('mkdir "\\u001b[2J\\u202eevil"');
});

test('a reader that closes its pipe early ends the command quietly', async () => {
  const steps = Array.from({ length: 20_000 }, (): TraceStep => ({ kind: 'mkdir', label: 'l', path: 'a' }));
  save('long', encodeTrace({ steps, marks: [] }, EMPTY_DISK));
  const shell = `set -o pipefail; "${process.execPath}" "${COMMAND}" trace show long | head -n 2`;
  const { exitCode, stdout, stderr } = await execaCommand('bash -s', {
    cwd: place.directory,
    input: shell,
    reject: false,
  });
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout.split('\n')).toHaveLength(2);
});
