import { expect, test } from 'vitest';
import { Content } from './content.js';
import { EMPTY_DISK } from './disk.js';
import type { TraceStep } from './trace.js';
import { encodeTrace, TraceEncoder } from './trace-file.js';
import { TRACED_FILE_BYTES_MAX } from './trace-limits.js';

test.each<[string, TraceStep, string]>([
  ['a path that leaves the disk', { kind: 'mkdir', label: 'l', path: '../a' }, 'RangeError'],
  ['a sync of a later step', { ...syncOf('a'), since: 1 }, 'RangeError'],
  ['an empty write', { ...writeOf('a'), bytes: new Uint8Array(0) }, 'RangeError'],
  ['a name that is no Unicode', { kind: 'mkdir', label: '\ud800', path: 'a' }, 'RangeError'],
  ['a write beyond the limit', { ...writeOf('a'), offset: TRACED_FILE_BYTES_MAX }, 'TraceError'],
])('%s is not written', (_, step, name) => {
  expect(() => new TraceEncoder(EMPTY_DISK).step(step)).toThrow(expect.objectContaining({ name }));
});

test('a mark that does not belong where it is written is refused', () => {
  expect(() => encodeTrace({ steps: [], marks: [{ step: 1, text: '{}' }] }, EMPTY_DISK)).toThrow(RangeError);
});

test('a disk with a file outside of its directories is not written', () => {
  const disk = { directories: new Set<string>(), files: new Map([['a/b', Content.EMPTY]]) };
  expect(() => new TraceEncoder(disk).start()).toThrow(RangeError);
});

function writeOf(path: string) {
  return { kind: 'write', label: 'l', inode: 1, path, offset: 0, bytes: Uint8Array.of(1) } as const;
}

function syncOf(path: string) {
  return { kind: 'sync', label: 'l', inode: 1, path, whole: true, since: 0, answered: true } as const;
}
