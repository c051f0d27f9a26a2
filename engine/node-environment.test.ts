import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Engine } from './engine.js';
import type { Environment } from './environment.js';
import { nodeEnvironment } from './node-environment.js';

test('what is no path is refused, and an empty path is not the working directory', () => {
  for (const directory of [undefined, null, 7, {}, '', 'a\0b', new URL('file:///tmp')]) {
    expect(() => nodeEnvironment(directory as string)).toThrowError(
      expect.objectContaining({ code: 'ENGINE_INVALID_ARGUMENT' }) as Error,
    );
  }
});

test('what is no environment is refused by open, and so are wrong options, before the directory is touched', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ninelives-environment-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const environment of [undefined, null, directory, {}, { vfs: {} }]) {
    await expect(Engine.open(environment as unknown as Environment)).rejects.toMatchObject({
      code: 'ENGINE_INVALID_ARGUMENT',
    });
  }
  for (const options of [null, { blockBytes: 1 }, { unknown: 1 }]) {
    await expect(
      Engine.open(nodeEnvironment(join(directory, 'new')), options as object),
    ).rejects.toMatchObject({
      code: 'ENGINE_INVALID_OPTION',
    });
  }
  expect(readdirSync(directory)).toEqual([]);
});
