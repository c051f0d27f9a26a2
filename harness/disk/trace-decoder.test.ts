import { expect, test } from 'vitest';
import { decodeTrace } from './trace-file.js';
import { codeOf, crafted, NO_DISK } from './trace-test-crafted.js';

test.each<[string, readonly number[]]>([
  ['an absolute path', entry(3, 'l', '/a', [1])],
  ['a path to the parent', entry(3, 'l', 'a/../../b', [1])],
  ['a path that is not normalised', entry(3, 'l', 'a//b', [1])],
  ['a path with a zero byte', entry(3, 'l', 'a\0', [1])],
  ['a file at the root', entry(3, 'l', '', [1])],
  ['a name that is not UTF-8', [3, 0, 1, 0xff, 0, 1, 0x61, 1]],
  ['the number of a name that does not exist', [3, 7]],
  ['inode 0', entry(3, 'l', 'a', [0])],
  ['an offset beyond the limit', entry(1, 'l', 'a', [1, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 1])],
  ['a number without an end', entry(1, 'l', 'a', [1, ...new Uint8Array(40).fill(0x80)])],
  ['an empty write', entry(1, 'l', 'a', [1, 0, 0])],
  ['data that are longer than the chunk', entry(1, 'l', 'a', [1, 0, 100, 1, 2])],
  ['a sync of steps that are yet to come', entry(7, 'l', 'a', [1, 1, 1])],
  ['unknown flags', entry(7, 'l', 'a', [1, 4, 0])],
  ['a step of an unknown kind', [11, 0, 0]],
])('%s is corrupt, even if the checksums are right', (_, payload) => {
  const file = crafted([NO_DISK, { coding: 0, payload: Uint8Array.from(payload) }]);
  expect(codeOf(() => decodeTrace(file, 'untilCut'))).toBe('corrupt');
});

test.each<[string, readonly number[]]>([
  ['a path twice', [0, 2, 0, 1, 0x61, 0, 1, 0]],
  ['a path without its directory', [0, 1, 0, 3, 0x61, 0x2f, 0x62, 0]],
  ['a directory that is a file', [1, 0, 1, 0x61, 1, 1, 0]],
  ['more directories than there are', [0xff, 0xff, 0x3f]],
  ['more directories than any disk has', [0xff, 0xff, 0xff, 0x7f]],
  ['bytes behind the last file', [0, 0, 0]],
])('a disk with %s is corrupt, even if the checksums are right', (_, payload) => {
  expect(codeOf(() => decodeTrace(crafted([{ coding: 0, payload: Uint8Array.from(payload) }])))).toBe(
    'corrupt',
  );
});

test('a second disk, and a first chunk that is none, are corrupt', () => {
  expect(codeOf(() => decodeTrace(crafted([NO_DISK, NO_DISK])))).toBe('corrupt');
  expect(codeOf(() => decodeTrace(crafted([{ ...NO_DISK, kind: 'end' }])))).toBe('corrupt');
});

test('counts at the end that are not those of the file are corrupt', () => {
  const counted = (...payload: readonly number[]) =>
    crafted([NO_DISK, { kind: 'end', coding: 0, payload: Uint8Array.from(payload) }]);
  expect(codeOf(() => decodeTrace(counted(0, 0)))).toBe('no error');
  expect(codeOf(() => decodeTrace(counted(1, 0)))).toBe('corrupt');
  expect(codeOf(() => decodeTrace(counted(0, 1)))).toBe('corrupt');
  expect(codeOf(() => decodeTrace(counted(0, 0, 0)))).toBe('corrupt');
});

/** A step whose label and path are spelt out. */
function entry(tag: number, label: string, path: string, rest: readonly number[]): readonly number[] {
  return [tag, 0, label.length, ...Buffer.from(label), 0, path.length, ...Buffer.from(path), ...rest];
}
