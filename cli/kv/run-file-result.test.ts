import { expect, test } from 'vitest';
import type { ServerEnd } from '../../engine/validation/server-process.js';
import { runExitCode } from './run-file-result.js';

const exit = (code: number): ServerEnd => ({ kind: 'exit', code, stderr: '' });

test.each<[string, ServerEnd, number, boolean, number]>([
  ['breaks down while it serves', exit(1), 0, true, 1],
  ['breaks down in a way of its own', exit(134), 0, true, 1],
  ['does not open again after a kill', exit(2), 1, false, 1],
  ['finds damage when it is first started', exit(1), 0, false, 1],
  ['is used wrongly', exit(2), 0, false, 2],
  ['has a disk that fails', exit(3), 4, false, 3],
  ['is asked by somebody else to end', exit(0), 0, true, 3],
  ['cannot be started', exit(-1), 1, false, 3],
  ['is killed by somebody else', { kind: 'signal', signal: 'SIGKILL' }, 1, true, 3],
  ['does not end on SIGTERM', { kind: 'stuck' }, 0, true, 3],
])('a server that %s gives its exit code', (_, end, kills, wasReady, code) => {
  expect(runExitCode({ kind: 'died', death: { end, kills, wasReady } })).toBe(code);
});
