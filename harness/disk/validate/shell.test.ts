import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadShell } from './shell.js';

test('programs run in a process group of their own, which Ctrl-C does not signal', async () => {
  const shell = await loadShell();
  const theirs = await shell?.(['cat', '/proc/self/stat']);
  expect(groupIn(theirs)).toBeGreaterThan(0);
  expect(groupIn(theirs)).not.toBe(groupIn(readFileSync('/proc/self/stat', 'utf8')));
});

test('what a program writes is answered, trimmed, and a failure is an error', async () => {
  const shell = await loadShell();
  expect(await shell?.(['printf', '%s\n', '$HOME "x"'])).toBe('$HOME "x"');
  await expect(shell?.(['false'])).rejects.toThrow();
});

/** The fifth field: process id, name, state, parent, group. */
function groupIn(stat = ''): number {
  return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[3]);
}
