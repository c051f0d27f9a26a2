import { expect, test } from 'vitest';
import { btrfs } from './btrfs.js';
import { diskOf, steps, treesOf } from './model-test-states.js';

const { create, write, truncate, rename, unlink, fdatasync, syncDirectory, makeDirectory } = steps;

test('without a sync metadata survives as a prefix', () => {
  const trace = [create(2, 'b'), unlink(1, 'a')];
  expect(treesOf(btrfs, diskOf({ a: 'x' }), trace)).toEqual(['a=x', 'a=x b=', 'b=']);
});

test('a sync of a file forces its name and its data, and not another file created earlier', () => {
  const trace = [create(1, 'a'), create(2, 'b'), write(2, 0, 'y'), fdatasync(2)];
  expect(treesOf(btrfs, diskOf({}), trace)).toEqual(['a= b=y', 'b=y']);
});

test('a sync of a file forces its rename and the directories above it', () => {
  const trace = [create(1, 'x'), makeDirectory('d'), create(2, 't'), rename(2, 't', 'd/a'), fdatasync(2)];
  expect(treesOf(btrfs, diskOf({}), trace)).toEqual(['d/ d/a=', 'd/ d/a= x=']);
});

test('a sync of a directory forces its names, and neither those of others nor data', () => {
  const trace = [create(1, 'a'), create(2, 'd/b'), write(2, 0, 'y'), syncDirectory('d')];
  expect(treesOf(btrfs, diskOf({}, ['d']), trace)).toEqual(['a= d/ d/b=', 'a= d/ d/b=y', 'd/ d/b=']);
});

test('an overwrite is shown by a transaction, so it comes after the metadata before it', () => {
  const trace = [create(2, 'b'), write(1, 0, 'y')];
  expect(treesOf(btrfs, diskOf({ a: 'x' }), trace)).toEqual(['a=x', 'a=x b=', 'a=y b=']);
});

test('a rename over a name and a sync of the directory may show an empty file', () => {
  const trace = [create(2, 't'), write(2, 0, 'new'), rename(2, 't', 'a', 1), syncDirectory('')];
  expect(treesOf(btrfs, diskOf({ a: 'old' }), trace)).toEqual(['a=', 'a=new']);
});

test('a file from another directory has both names if only its new directory was synced', () => {
  const trace = [rename(1, 'd/a', 'b'), syncDirectory('')];
  expect(treesOf(btrfs, diskOf({ 'd/a': 'x' }, ['d']), trace)).toEqual(['b=x d/', 'b=x d/ d/a=x']);
});

test('a file from another directory has its new name only if its old directory was synced, or the file', () => {
  const disk = diskOf({ 'd/a': 'x' }, ['d']);
  expect(treesOf(btrfs, disk, [rename(1, 'd/a', 'b'), syncDirectory('d')])).toEqual(['b=x d/']);
  expect(treesOf(btrfs, disk, [rename(1, 'd/a', 'b'), syncDirectory(''), fdatasync(1)])).toEqual(['b=x d/']);
});

test('a sync does not force an earlier rename to the same name', () => {
  const trace = [rename(1, 'a', 'c'), create(2, 'b'), rename(2, 'b', 'c', 1), fdatasync(2)];
  expect(treesOf(btrfs, diskOf({ a: 'x' }), trace)).toEqual(['a=x c=', 'c=']);
});

test('a rename of a file that was synced may be there without what came before it', () => {
  const trace = [unlink(1, 'a'), create(2, 't'), fdatasync(2), rename(2, 't', 'b')];
  expect(treesOf(btrfs, diskOf({ a: 'x' }), trace)).toEqual(['a=x b=', 'a=x t=', 'b=', 't=']);
});

test('a truncation leaves the old bytes or the new size: the page it cuts is copied', () => {
  expect(treesOf(btrfs, diskOf({ a: 'xxx' }), [truncate(1, 1)])).toEqual(['a=x', 'a=xxx']);
});

test('a sync of a file does not force the directory in which it was before', () => {
  const trace = [makeDirectory('d'), create(1, 'd/t'), rename(1, 'd/t', 'a'), fdatasync(1)];
  expect(treesOf(btrfs, diskOf({}), trace)).toEqual(['a=', 'a= d/']);
});
