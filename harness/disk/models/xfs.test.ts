import { expect, test } from 'vitest';
import { diskOf, steps, treesOf } from './model-test-states.js';
import { xfs } from './xfs.js';

const { create, write, truncate, rename, unlink, fdatasync } = steps;

test('metadata survives as a prefix of its order', () => {
  const trace = [create(2, 'b'), unlink(1, 'a'), create(3, 'c')];
  expect(treesOf(xfs, diskOf({ a: 'x' }), trace)).toEqual(['a=x', 'a=x b=', 'b=', 'b= c=']);
});

test('what was appended is absent or right', () => {
  const trace = [write(1, 2, 'yy'), write(1, 4, 'zz')];
  expect(treesOf(xfs, diskOf({ a: 'xx' }), trace)).toEqual(['a=xx', 'a=xxyy', 'a=xxyyzz']);
});

test('a long append arrives from the front, in pages of the file', () => {
  expect(treesOf(xfs, diskOf({ a: '' }), [write(1, 0, 'y'.repeat(5000))])).toEqual([
    'a=',
    'a=y*4096',
    'a=y*5000',
  ]);
});

test('a hole reads as zeros', () => {
  expect(treesOf(xfs, diskOf({ a: 'x' }), [write(1, 3, 'y')])).toEqual(['a=x', 'a=x..y']);
});

test('a rename over a name without a sync of its source may show an empty file', () => {
  const trace = [create(2, 't'), write(2, 0, 'new'), rename(2, 't', 'a', 1)];
  expect(treesOf(xfs, diskOf({ a: 'old' }), trace)).toEqual([
    'a=',
    'a=new',
    'a=old',
    'a=old t=',
    'a=old t=new',
  ]);
});

test('a sync of a file forces the log up to its last change, its rename included', () => {
  const trace = [create(2, 'b'), rename(1, 'a', 'c'), create(3, 'd'), fdatasync(1)];
  expect(treesOf(xfs, diskOf({ a: 'x' }), trace)).toEqual(['b= c=x', 'b= c=x d=']);
});

test('a sync of a file with nothing but overwritten durable bytes forces no log', () => {
  const trace = [create(2, 'b'), write(1, 0, 'y'), fdatasync(1)];
  expect(treesOf(xfs, diskOf({ a: 'x' }), trace)).toEqual(['a=y', 'a=y b=']);
});

test('a truncation to beyond the size on the disk needs the data in between', () => {
  const trace = [write(1, 0, 'xyz'), truncate(1, 2)];
  expect(treesOf(xfs, diskOf({ a: '' }), trace)).toEqual(['a=', 'a=xy', 'a=xy.', 'a=xyz']);
});

test('a truncation to the size on the disk or below needs no data', () => {
  const trace = [create(2, 'b'), write(1, 1, 'yz'), truncate(1, 1), fdatasync(2)];
  expect(treesOf(xfs, diskOf({ a: 'x' }), trace)).toEqual(['a=x b=', 'a=x.. b=', 'a=xyz b=']);
});

test('an overwrite of durable bytes does not need what was appended in its page before', () => {
  const trace = [write(1, 2, 'yy'), write(1, 0, 'z')];
  expect(treesOf(xfs, diskOf({ a: 'xx' }), trace)).toEqual(['a=xx', 'a=xxyy', 'a=zx', 'a=zxyy']);
});

test('a write across pages may be there in one of them without an earlier write to the other', () => {
  const page = 'x'.repeat(4096);
  const trace = [write(1, 4096, 'yyyy'), write(1, 4095, 'zz')];
  const trees = treesOf(xfs, diskOf({ a: page }), trace);
  expect(trees).toContain('a=x*4095z');
  expect(trees).toContain('a=x*4096yyyy');
});

test('of what was appended to the page that a lost truncation zeroed there is as much as the old size shows', () => {
  const trace = [truncate(1, 1), write(1, 1, 'yyyyy')];
  expect(treesOf(xfs, diskOf({ a: 'xxx' }), trace)).toEqual(['a=x', 'a=x..', 'a=xxx', 'a=xyy', 'a=xyyyyy']);
});
