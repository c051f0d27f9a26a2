import { expect, test } from 'vitest';
import { Content } from './content.js';
import { hashDisk, type Disk } from './disk.js';

const FILES = [
  ['a', 'one'],
  ['b', 'two'],
  ['d/c', ''],
] as const;

test('equal trees have the same hash in whatever order they were made', () => {
  expect(hashDisk(diskOf([...FILES].reverse(), ['e', 'd']))).toBe(hashDisk(diskOf(FILES, ['d', 'e'])));
});

test('a changed byte changes the hash', () => {
  expect(hashDisk(diskOf([['a', 'one'], ['b', 'twp'], FILES[2]]))).not.toBe(hashDisk(diskOf(FILES)));
});

test('a zero byte more changes the hash', () => {
  expect(hashDisk(diskOf([FILES[0], FILES[1], ['d/c', '\0']]))).not.toBe(hashDisk(diskOf(FILES)));
});

test('a moved file changes the hash', () => {
  expect(hashDisk(diskOf([FILES[0], ['d/b', 'two'], FILES[2]]))).not.toBe(hashDisk(diskOf(FILES)));
});

test('two files that swap their contents change the hash', () => {
  expect(hashDisk(diskOf([['a', 'two'], ['b', 'one'], FILES[2]]))).not.toBe(hashDisk(diskOf(FILES)));
});

test('an added directory changes the hash', () => {
  expect(hashDisk(diskOf(FILES, ['d', 'e']))).not.toBe(hashDisk(diskOf(FILES)));
});

test('an empty file is not an empty directory', () => {
  expect(hashDisk(diskOf([['e', '']], []))).not.toBe(hashDisk(diskOf([], ['e'])));
});

function diskOf(files: readonly (readonly [path: string, text: string])[], directories = ['d']): Disk {
  return {
    directories: new Set(directories),
    files: new Map(files.map(([path, text]) => [path, new Content(Buffer.from(text))])),
  };
}
