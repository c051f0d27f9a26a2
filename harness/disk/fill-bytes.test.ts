import { expect, test } from 'vitest';
import { FillBytes } from './fill-bytes.js';

const PLACE = { inode: 2, step: 5, start: 1, length: 3 };

test('garbage is the same every time', () => {
  const fill = new FillBytes();
  expect(fill.bytes('garbage', PLACE)).toEqual(fill.bytes('garbage', PLACE));
  expect(fill.bytes('garbage', PLACE)).toEqual(new FillBytes().bytes('garbage', PLACE));
});

test('garbage of another step is other garbage', () => {
  const fill = new FillBytes();
  const place = { ...PLACE, length: 64 };
  expect(fill.bytes('garbage', place)).not.toEqual(fill.bytes('garbage', { ...place, step: 6 }));
});

test('stale bytes are those of an older file of the directory at the same place', () => {
  const fill = new FillBytes();
  fill.add(1, 'd', Uint8Array.of(1, 2, 3));
  fill.add(2, 'd');
  expect(fill.bytes('stale', PLACE)).toEqual(Uint8Array.of(2, 3, 0));
});

test('files of other directories do not show as stale bytes', () => {
  const fill = new FillBytes();
  fill.add(1, 'e', Uint8Array.of(1, 2, 3));
  fill.add(2, 'd');
  expect(fill.bytes('stale', PLACE)).toEqual(new Uint8Array(3));
});

test('a write does not change the bytes that a file was added with', () => {
  const fill = new FillBytes();
  const bytes = Uint8Array.of(1, 2, 3);
  fill.add(1, 'd', bytes);
  fill.write(1, 0, Uint8Array.of(9));
  expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
});
