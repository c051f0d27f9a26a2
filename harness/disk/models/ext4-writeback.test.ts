import { expect, test } from 'vitest';
import { ext4Writeback } from './ext4-writeback.js';
import { diskOf, statesOf, steps, treesOf } from './model-test-states.js';

const { create, write, fdatasync, rename } = steps;

test('an appended range may be missing, whole, zeros, garbage or what another file had there', () => {
  const trees = treesOf(ext4Writeback, diskOf({ a: 'ooo', b: '' }), [write(2, 0, 'new')]);
  expect(trees).toEqual(['a=ooo b=', 'a=ooo b=...', 'a=ooo b=new', 'a=ooo b=ooo', 'a=ooo b=~~~'].sort());
});

test('an overwrite of durable bytes shows no garbage', () => {
  expect(treesOf(ext4Writeback, diskOf({ a: 'xx' }), [write(1, 0, 'yy')])).toEqual(['a=xx', 'a=yy']);
});

test('metadata survives in order all the same', () => {
  const trace = [create(1, 'a'), create(2, 'b')];
  expect(treesOf(ext4Writeback, diskOf({}), trace)).toEqual(['', 'a=', 'a= b=']);
});

test('a rename over a name may show garbage, after a sync of its source only the new file', () => {
  const disk = diskOf({ a: 'old' });
  const trace = [create(2, 't'), write(2, 0, 'new')];
  expect(treesOf(ext4Writeback, disk, [...trace, rename(2, 't', 'a', 1)])).toContain('a=~~~');
  expect(treesOf(ext4Writeback, disk, [...trace, fdatasync(2), rename(2, 't', 'a', 1)])).toEqual([
    'a=new',
    'a=old t=new',
  ]);
});

test('pages of one file arrive in any order, with a hole of zeros between', () => {
  const trace = [write(1, 0, 'x'.repeat(4096)), write(1, 4096, 'y')];
  const states = [...statesOf(ext4Writeback, diskOf({ a: '' }), trace).values()];
  const contents = states.map(({ files }) => Buffer.from(files.get('a')?.bytes ?? []).toString('latin1'));
  expect(contents).toContain(`${'\0'.repeat(4096)}y`);
});
