import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REFERENCES } from './engine/reference-rows.js';
import { ROWS } from './engine/rows.js';
import { STORE_NAMES } from './engine/store.js';
import type { Summary } from './engine/summary.js';

const COMMAND = join(import.meta.dirname, '../dist/bench/engine.js');
let directory: string;
let output: Ended;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'ninelives-bench-test-'));
  output = await run('--quick', '--json', file('bench.json'), '--svg', file('bench.svg'));
}, 120_000);
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('every row has a figure for every engine that can have one, and a ratio to it', () => {
  const { rows } = JSON.parse(readFileSync(file('bench.json'), 'utf8')) as Summary;
  expect(rows.map(({ row }) => row.id)).toEqual(ROWS.map(({ id }) => id));
  for (const { row, figures, ratios } of rows) {
    const synchronous = row.id === 'get-sync';
    const expected = synchronous ? STORE_NAMES.filter((name) => name !== 'ninelives') : STORE_NAMES;
    for (const name of expected) expect(figures[name], `${row.id} of ${name}`).toBeGreaterThan(0);
    if (synchronous) continue;
    expect(Object.keys(ratios), row.id).toEqual(STORE_NAMES.filter((name) => name !== 'ninelives'));
  }
});

test('every operation of the reference has a figure beside the published one', () => {
  const { references } = JSON.parse(readFileSync(file('bench.json'), 'utf8')) as Summary;
  expect(references).toHaveLength(REFERENCES.length);
  for (const { reference, ours } of references) expect(ours, reference.title).toBeGreaterThan(0);
});

test('the table goes to standard output and progress to standard error', () => {
  expect(output.exitCode).toBe(0);
  for (const { title } of ROWS) expect(output.stdout).toContain(`| ${title} `);
  expect(output.stderr).toContain('round 1, ninelives, put: ');
});

test('the drawing has a bar for each peer', () => {
  const svg = readFileSync(file('bench.svg'), 'utf8');
  for (const { title } of ROWS.filter(({ id }) => id !== 'get-sync')) expect(svg).toContain(`>${title}<`);
  expect(svg).not.toContain('NaN');
});

test('a number that makes no sense is refused with exit code 2', async () => {
  const refused = await run('--rounds', 'many');
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('Expected a whole number');
});

function file(name: string): string {
  return join(directory, name);
}

interface Ended {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...words: readonly string[]): Promise<Ended> {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [COMMAND, ...words], { reject: false });
  return { exitCode, stdout, stderr };
}
