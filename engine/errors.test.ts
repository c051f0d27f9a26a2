import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { corrupt, EngineError } from './errors.js';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

test('the codes are the headings of ERRORS.md, in the same order', () => {
  const [, union = ''] = /export type EngineErrorCode =([^;]*);/.exec(read('errors.ts')) ?? [];
  const codes = [...union.matchAll(/'(\w+)'/g)].map(([, code]) => code);
  const headings = [...read('ERRORS.md').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  expect(codes.length).toBeGreaterThan(5);
  expect(headings).toEqual(codes);
});

test('each section of ERRORS.md says when, what state, and what to do', () => {
  for (const section of read('ERRORS.md').split(/^## /m).slice(1)) {
    for (const word of ['**When**', '**State**', '**Do**']) expect(section).toContain(word);
  }
});

test('damage has its place in its fields and in its text, and no effect unless said otherwise', () => {
  const cause = new Error('below');
  const error = corrupt('wal/000007.wal', 42, 'a bad record', cause);
  expect(error).toBeInstanceOf(EngineError);
  expect(error).toMatchObject({
    code: 'ENGINE_CORRUPT',
    file: 'wal/000007.wal',
    offset: 42,
    outcome: 'none',
    cause,
  });
  expect(error.message).toBe('wal/000007.wal at byte 42: a bad record');
});
