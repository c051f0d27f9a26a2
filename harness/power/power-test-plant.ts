import { createTwoFilesPatch } from 'diff';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../targets/target.js';

/** For tests: the diff of a bug that is planted into the engine by replacing one text that is there exactly once. */
export function plant(path: string, text: string, replacement: string): string {
  const source = readFileSync(join(PACKAGE_ROOT, path), 'utf8');
  if (source.split(text).length !== 2) {
    throw new Error(`Expected ${JSON.stringify(text)} to be once in ${path}: the engine has changed there.`);
  }
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, source, source.replace(text, replacement));
}
