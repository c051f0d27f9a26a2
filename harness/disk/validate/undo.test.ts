import { afterEach, expect, test } from 'vitest';
import { Undo } from './undo.js';

let undo = new Undo();
afterEach(() => {
  undo.all();
  undo = new Undo();
});

test('takes back the newest first', () => {
  const done: string[] = [];
  for (const name of ['attach', 'mount', 'setting']) undo.add(() => void done.push(name));
  undo.all();
  expect(done).toEqual(['setting', 'mount', 'attach']);
});

test('takes nothing back twice', () => {
  const done: string[] = [];
  const unmount = undo.add(() => void done.push('mount'));
  unmount();
  unmount();
  undo.all();
  expect(done).toEqual(['mount']);
});

test('a failure does not keep the others from being taken back', () => {
  const done: string[] = [];
  undo.add(() => void done.push('attach'));
  undo.add(() => {
    throw new Error('busy');
  });
  expect(() => undo.all()).toThrow('busy');
  expect(done).toEqual(['attach']);
});

test('runs when the process exits, and not after everything was taken back', () => {
  const before = process.listenerCount('exit');
  const other = new Undo();
  expect(process.listenerCount('exit')).toBe(before + 1);
  other.all();
  expect(process.listenerCount('exit')).toBe(before);
});
