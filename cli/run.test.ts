import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isRunning } from '../harness/run/run-test-place.js';
import { parseRecord } from '../reports/json.js';
import { CommandPlace } from './cli-test-run.js';

let place: CommandPlace;
beforeEach(() => {
  place = new CommandPlace();
  mkdirSync(join(place.directory, 'data'));
});
afterEach(() => place.remove());

test('the same seed gives the same record but for times and paths, held is exit code 0', async () => {
  const command = ['run', '--seed', '5', 'kill-in-flush', '--effort', '0.2', '--dir', 'data', '--out'];
  const [first, second] = [await place.run(...command, 'a'), await place.run(...command, 'b')];
  expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
  expect(first.stderr).not.toContain('ninelives:');
  const [a, b] = [recordIn('a'), recordIn('b')];
  expect(a).toMatchObject({ verdict: 'held', interrupted: false, seed: 5 });
  expect(steady(b)).toEqual(steady(a));
  const html = readFileSync(join(place.directory, 'a', 'report.html'), 'utf8');
  expect(html.includes('kill-in-flush')).toBe(true);
  expect(readdirSync(join(place.directory, 'data'))).toEqual([]);
});

test.each([
  ['SIGINT to the command alone', 'SIGINT', false],
  // timeout(1) signals the process and then its group: the second once ended the run without a report.
  ['SIGTERM twice in a moment', 'SIGTERM', 'twice'],
  ['Ctrl-C, which reaches its children as well', 'SIGINT', true],
  ['SIGTERM', 'SIGTERM', false],
] as const)('%s ends the run with what was found so far, and leaves nothing', async (_, signal, how) => {
  const running = place.start(
    'run',
    '--no-corpus',
    'kill-in-wal-append',
    '--effort',
    '10000',
    '--dir',
    'data',
  );
  const pid = running.pid ?? 0;
  await caseBegun();
  const children = childrenOf(pid);
  process.kill(how === true ? -pid : pid, signal);
  if (how === 'twice') {
    await new Promise((resolve) => setTimeout(resolve, 30));
    if (isRunning(pid)) process.kill(pid, signal);
  }
  const { exitCode, stderr } = await running;
  expect(stderr).not.toContain('nobody foresaw');
  expect(exitCode).toBe(3);
  expect(recordIn('out')).toMatchObject({ interrupted: true, verdict: 'unknown', failures: [] });
  const html = readFileSync(join(place.directory, 'out', 'report.html'), 'utf8');
  expect(html.includes('Interrupted:')).toBe(true);
  expect(children.length).toBeGreaterThan(0);
  expect(children.filter(isRunning)).toEqual([]);
  expect(readdirSync(join(place.directory, 'data'))).toEqual([]);
});

function recordIn(out: string) {
  return parseRecord(readFileSync(join(place.directory, out, 'report.json'), 'utf8'));
}

/** The record without what may differ between two runs: times, and where the data lay. */
function steady(record: object): unknown {
  return JSON.parse(
    JSON.stringify(record, (name, value: unknown) =>
      name.endsWith('Ms') || ['startedAt', 'dataDirectory', 'caseFile'].includes(name) ? undefined : value,
    ),
  );
}

/** Resolves when the run plays cases; case-0 only counts steps. */
async function caseBegun(): Promise<void> {
  const data = join(place.directory, 'data');
  while (!(readdirSync(data, { recursive: true }) as string[]).some((path) => /case-[1-9]/.test(path))) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Pids of the processes that a process has started, from /proc. */
function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}
