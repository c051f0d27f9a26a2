import { describe, expect, test } from 'vitest';
import { ext4 } from './ext4.js';
import { diskOf, steps, treesOf } from './model-test-states.js';
import { posix } from './posix.js';

const { create, write, truncate, rename, unlink, fdatasync, fsync, syncDirectory, makeDirectory } = steps;
const page = (letter: string) => letter.repeat(4096);

describe('metadata', () => {
  test('survives as a prefix of its order, over all files and directories', () => {
    const disk = diskOf({ old: 'o' });
    const trace = [makeDirectory('d'), create(2, 'd/a'), unlink(1, 'old'), truncate(2, 1)];
    expect(treesOf(ext4, disk, trace)).toEqual(['d/ d/a=', 'd/ d/a= old=o', 'd/ d/a=.', 'd/ old=o', 'old=o']);
  });

  test('an unlink without a sync of its directory may come back', () => {
    expect(treesOf(ext4, diskOf({ a: 'x' }), [unlink(1, 'a')])).toEqual(['', 'a=x']);
    expect(treesOf(ext4, diskOf({ a: 'x' }), [unlink(1, 'a'), syncDirectory('')])).toEqual(['']);
  });

  test('a file that grew needs all metadata before it', () => {
    const trace = [create(2, 'b'), write(1, 0, 'x')];
    expect(treesOf(ext4, diskOf({ a: '' }), trace)).toEqual(['a=', 'a= b=', 'a=. b=', 'a=x b=']);
  });

  test('an overwrite of durable bytes needs nothing', () => {
    const trace = [create(2, 'b'), write(1, 0, 'y')];
    expect(treesOf(ext4, diskOf({ a: 'xx' }), trace)).toEqual(['a=xx', 'a=xx b=', 'a=yx', 'a=yx b=']);
  });

  test('an overwrite behind a truncation is no overwrite of durable bytes', () => {
    const trace = [truncate(1, 0), truncate(1, 2), write(1, 0, 'y')];
    expect(treesOf(ext4, diskOf({ a: 'xx' }), trace)).toEqual(['a=', 'a=..', 'a=xx', 'a=y.']);
  });
});

describe('data', () => {
  test('a rename to a new name leaves a file of size 0, of zeros, or whole', () => {
    const trace = [create(1, 't'), write(1, 0, 'new'), rename(1, 't', 'a'), syncDirectory('')];
    expect(treesOf(ext4, diskOf({}), trace)).toEqual(['a=', 'a=...', 'a=new']);
  });

  test('a rename over a name shows the old file, or the new one without garbage', () => {
    const trace = [create(2, 't'), write(2, 0, 'new'), rename(2, 't', 'a', 1)];
    const trees = treesOf(ext4, diskOf({ a: 'old' }), trace);
    expect(trees).toEqual(['a=...', 'a=new', 'a=old', 'a=old t=', 'a=old t=...', 'a=old t=new']);
    expect(treesOf(posix, diskOf({ a: 'old' }), trace)).toContain('a=~~~');
  });

  test('a rename over a name after a sync of its source is atomic', () => {
    const trace = [create(2, 't'), write(2, 0, 'new'), fdatasync(2), rename(2, 't', 'a', 1)];
    expect(treesOf(ext4, diskOf({ a: 'old' }), trace)).toEqual(['a=new', 'a=old t=new']);
  });

  test('an append to a durable partial block may read as zeros', () => {
    expect(treesOf(ext4, diskOf({ a: 'xx' }), [write(1, 2, 'yy')])).toEqual(['a=xx', 'a=xx..', 'a=xxyy']);
  });

  test('an append arrives from the front, in pages of the file', () => {
    const trace = [write(1, 4, page('y'))];
    expect(treesOf(ext4, diskOf({ a: 'xxxx' }), trace)).toEqual(
      [
        'a=xxxx',
        `a=xxxx....yyyy`.replace('....', '.*4092'),
        'a=xxxx.*4096',
        'a=xxxxy*4092',
        'a=xxxxy*4092....',
        'a=xxxxy*4096',
      ].sort(),
    );
  });

  test('a size without its data does not need an overwrite in its page, and the data does', () => {
    const trace = [write(1, 0, 'y'), write(1, 2, 'zz')];
    expect(treesOf(ext4, diskOf({ a: 'xx' }), trace)).toEqual(['a=xx', 'a=xx..', 'a=yx', 'a=yx..', 'a=yxzz']);
  });

  test('a truncation that was lost may have zeroed its page up to the end, and what is before it may be lost', () => {
    const trace = [create(2, 'b'), truncate(1, 1)];
    expect(treesOf(ext4, diskOf({ a: 'xxx' }), trace)).toEqual([
      'a=x b=',
      'a=x..',
      'a=x.. b=',
      'a=xxx',
      'a=xxx b=',
    ]);
    expect(treesOf(ext4, diskOf({ a: page('x') + page('x') }), [truncate(1, 4096)])).toEqual([
      'a=x*4096',
      'a=x*8192',
    ]);
    expect(treesOf(ext4, diskOf({ a: page('x') + page('x') }), [truncate(1, 4095)])).toContain(
      'a=x*4095.x*4096',
    );
  });

  test('what was appended to the page that a lost truncation zeroed may be there at the old size', () => {
    const trace = [truncate(1, 1), create(2, 'b'), write(1, 1, 'y')];
    expect(treesOf(ext4, diskOf({ a: 'xxx' }), trace)).toEqual([
      'a=x',
      'a=x b=',
      'a=x. b=',
      'a=x..',
      'a=xxx',
      'a=xy b=',
      'a=xy.',
    ]);
  });

  test('an overwrite is old or new for each page, in any order', () => {
    const trace = [write(1, 0, page('y') + page('y'))];
    expect(treesOf(ext4, diskOf({ a: page('x') + page('x') }), trace)).toEqual([
      'a=x*4096y*4096',
      'a=x*8192',
      'a=y*4096x*4096',
      'a=y*8192',
    ]);
  });

  test('a later write in the same page is not there without an earlier one', () => {
    const trace = [write(1, 0, 'y'), write(1, 2, 'z')];
    expect(treesOf(ext4, diskOf({ a: 'xxx' }), trace)).toEqual(['a=xxx', 'a=yxx', 'a=yxz']);
  });
});

describe('a sync', () => {
  test('of a file commits its own name and another file created earlier, without that one’s data', () => {
    const trace = [create(1, 'a'), write(1, 0, 'x'), create(2, 'b'), write(2, 0, 'y'), fdatasync(2)];
    expect(treesOf(ext4, diskOf({}), trace)).toEqual(['a= b=y', 'a=. b=y', 'a=x b=y']);
  });

  test('of a file need not commit what came after its last change', () => {
    const trace = [write(1, 0, 'x'), create(2, 'b'), fdatasync(1)];
    expect(treesOf(ext4, diskOf({ a: '' }), trace)).toEqual(['a=x', 'a=x b=']);
  });

  test('with nothing but overwritten durable bytes commits no metadata', () => {
    const trace = [create(2, 'b'), write(1, 0, 'y'), fsync(1)];
    expect(treesOf(ext4, diskOf({ a: 'x' }), trace)).toEqual(['a=y', 'a=y b=']);
  });

  test('that covers only a part of the trace leaves the rest', () => {
    const trace = [create(1, 'a'), write(1, 0, 'x'), write(1, 1, 'y'), fdatasync(1, 2)];
    expect(treesOf(ext4, diskOf({}), trace)).toEqual(['a=x', 'a=x.', 'a=xy']);
  });

  test('commits a rename of the file if it is an fsync, not if it is an fdatasync', () => {
    const trace = [rename(1, 'a', 'b')];
    expect(treesOf(ext4, diskOf({ a: 'x' }), [...trace, fsync(1)])).toEqual(['b=x']);
    expect(treesOf(ext4, diskOf({ a: 'x' }), [...trace, fdatasync(1)])).toEqual(['a=x', 'b=x']);
  });

  test('of a directory commits all earlier metadata if the directory changed, and nothing if not', () => {
    const disk = diskOf({}, ['d']);
    expect(treesOf(ext4, disk, [create(1, 'a'), create(2, 'd/b'), syncDirectory('d')])).toEqual([
      'a= d/ d/b=',
    ]);
    expect(treesOf(ext4, disk, [create(1, 'a'), syncDirectory('d')])).toEqual(['a= d/', 'd/']);
  });

  test('of a file does not sync its directory under posix', () => {
    const trace = [create(1, 'a'), write(1, 0, 'x'), fsync(1)];
    expect(treesOf(posix, diskOf({}), trace)).toEqual(['', 'a=x']);
    expect(treesOf(ext4, diskOf({}), trace)).toEqual(['a=x']);
  });
});
