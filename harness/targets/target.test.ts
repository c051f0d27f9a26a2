import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { lsmTarget, PACKAGE_ROOT } from './target.js';

test('the build is the start of the hash of the program', () => {
  const { childPath, build, name } = lsmTarget();
  expect(createHash('sha256').update(readFileSync(childPath)).digest('hex').startsWith(build)).toBe(true);
  expect([build.length, name]).toEqual([16, 'lsm']);
});

test('another program is another build', () => {
  const root = mkdtempSync(join(tmpdir(), 'ninelives-target-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(join(root, 'a.mjs'), 'a');
  writeFileSync(join(root, 'b.mjs'), 'b');
  const [a, b] = ['a.mjs', 'b.mjs'].map((name) => lsmTarget(join(root, name), name));
  expect(a?.build).not.toBe(b?.build);
});

test('a program that is not there is a missing build, and the error says what to do', () => {
  expect(() => lsmTarget('/nowhere/child.mjs')).toThrow(
    expect.objectContaining({
      code: 'build-missing',
      message:
        'Expected the compiled engine child at /nowhere/child.mjs, found nothing; run `npm run build` first.',
    }),
  );
});

test('the root of the package is where package.json is', () => {
  expect(existsSync(join(PACKAGE_ROOT, 'package.json'))).toBe(true);
});
