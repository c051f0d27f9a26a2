import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { filesBelow } from './list-files.js';

test('files of all depths are listed with their sizes, sorted by path; directories are not', () => {
  const root = mkdtempSync(join(tmpdir(), 'ninelives-list-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  mkdirSync(join(root, 'l1', 'empty'), { recursive: true });
  writeFileSync(join(root, 'l1', 'b.sst'), 'four');
  writeFileSync(join(root, 'LOCK'), '');
  writeFileSync(join(root, 'l1.x'), 'x');
  expect(filesBelow(root)).toEqual([
    { path: 'LOCK', bytes: 0 },
    { path: 'l1.x', bytes: 1 },
    { path: 'l1/b.sst', bytes: 4 },
  ]);
});
