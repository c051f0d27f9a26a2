import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NodeVfs } from '../vfs/node-vfs.js';
import { readLock } from './lock-state.js';
import { ReadOnlyVfs } from './read-only-vfs.js';

let place: string;
beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'ninelives-lock-state-'))));
afterEach(() => rmSync(place, { recursive: true, force: true }));

const state = () => readLock(new ReadOnlyVfs(place));

test('without LOCK nobody has the database open', () => {
  expect(state()).toEqual({ kind: 'free' });
});

test('the lock of a living process names it, and is free again when it is given back', () => {
  const lock = new NodeVfs(place).lock('LOCK', 'open/lock');
  expect(state()).toEqual({ kind: 'held', processId: process.pid });
  lock.release('close/unlock');
  expect(state()).toEqual({ kind: 'free' });
});

test('the lock of a process that is dead, or of none, was left', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  for (const owner of [`${pid} \n`, '', 'nobody', '-1 2\n']) {
    writeFileSync(join(place, 'LOCK'), owner);
    expect(state()).toEqual({ kind: 'left' });
  }
});
