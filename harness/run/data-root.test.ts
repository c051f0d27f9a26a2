import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../targets/target.js';
import { openDataRoot } from './data-root.js';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'ninelives-root-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test('a run gets an empty directory of its own, and leaves nothing', () => {
  const root = openDataRoot(parent);
  expect(readdirSync(root.directory)).toEqual([]);
  writeFileSync(join(root.directory, 'file'), 'x');
  root.remove();
  expect(readdirSync(parent)).toEqual([]);
});

test('two runs at a time do not disturb each other', () => {
  const first = openDataRoot(parent);
  writeFileSync(join(first.directory, 'file'), 'x');
  const second = openDataRoot(parent);
  expect(second.directory).not.toBe(first.directory);
  second.remove();
  expect(readdirSync(first.directory)).toEqual(['file']);
  first.remove();
  expect(readdirSync(parent)).toEqual([]);
});

test('directories of dead processes are swept; those of living ones, and foreign things, are not', () => {
  const first = openDataRoot(parent);
  const base = dirname(first.directory);
  const dead = spawnSync(process.execPath, ['--version']).pid;
  const kept = [`run-${process.ppid}-living`, 'run-notes', `walk-${dead}-x`, `run-${dead}`];
  for (const name of [`run-${dead}-abc`, ...kept]) {
    mkdirSync(join(base, name));
    writeFileSync(join(base, name, 'file'), 'x');
  }
  const second = openDataRoot(parent);
  expect(existsSync(join(base, `run-${dead}-abc`))).toBe(false);
  for (const name of kept) expect(readdirSync(join(base, name))).toEqual(['file']);
  expect(existsSync(first.directory)).toBe(true);
  second.remove();
  // What is not ours keeps the root.
  expect(readdirSync(base)).toHaveLength(kept.length + 1);
});

test('a run that starts in the moment in which the last one ends finds its place', async () => {
  // One run removed the empty root between another's making it and using it: ENOENT, now and then.
  const built = pathToFileURL(join(PACKAGE_ROOT, 'dist', 'harness', 'run', 'data-root.js')).href;
  const script = join(parent, 'rounds.mjs');
  writeFileSync(
    script,
    `import { openDataRoot } from ${JSON.stringify(built)};
    for (let round = 0; round < 1_500; round++) openDataRoot(${JSON.stringify(parent)}).remove();`,
  );
  const codes = await Promise.all(
    [1, 2, 3].map(
      async () =>
        await new Promise((resolve) =>
          spawn(process.execPath, [script], { stdio: 'ignore' }).once('exit', resolve),
        ),
    ),
  );
  expect(codes).toEqual([0, 0, 0]);
  expect(readdirSync(parent)).toEqual(['rounds.mjs']);
});

test('a parent that is missing or a file is an error that names it, and nothing is made', () => {
  writeFileSync(join(parent, 'file'), 'x');
  for (const name of ['file', 'missing']) {
    expect(() => openDataRoot(join(parent, name))).toThrow(
      expect.objectContaining({
        code: 'bad-path',
        message: expect.stringContaining(join(parent, name)) as string,
      }),
    );
  }
  expect(readdirSync(parent)).toEqual(['file']);
});
