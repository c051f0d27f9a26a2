import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { NinelivesLevel } from './level.js';
import { TapeAdapter } from './tape-test-adapter.js';

/** The official suite of abstract-level, whole: on the database, and once more on a sublevel of it. */
const require = createRequire(import.meta.url);
const suite = require('abstract-level/test') as (options: {
  readonly test: TapeAdapter['test'];
  readonly factory: (options?: object) => NinelivesLevel;
}) => void;

/** Many thousand files on a disk that may be busy. */
const REMOVAL_LIMIT_MS = 120_000;
const place = mkdtempSync(join(tmpdir(), 'ninelives-suite-'));
const databases: NinelivesLevel[] = [];
const adapter = new TapeAdapter();

suite({
  test: adapter.test,
  factory(options) {
    const database = new NinelivesLevel(join(place, String(databases.length)), options);
    databases.push(database);
    return database;
  },
});

/**
 * What the manifest does not declare the suite does not register. Numbers that change with a release of the suite, or
 * with the manifest, are to be looked at.
 */
test('no part of the suite is left out but that on getSync, and all of it made its assertions', () => {
  expect(adapter.count).toBe(1479);
  expect(adapter.ended).toBe(adapter.count);
  expect(adapter.assertions).toBe(4706);
});

test.each(['README.md', 'docs/abstract-level.md'])('%s has these numbers', (path) => {
  const page = readFileSync(join(import.meta.dirname, '../..', path), 'utf8').replace(/\s+/g, ' ');
  const { version } = require('abstract-level/package.json') as { readonly version: string };
  const [tests, assertions] = [adapter.count, adapter.assertions].map((count) => count.toLocaleString('en'));
  expect(page).toContain(`abstract-level ${version}`);
  expect(page).toContain(`${tests} tests with ${assertions} assertions`);
});

test('no assertion came after the end of its test', () => {
  expect(adapter.late).toEqual([]);
});

afterAll(async () => {
  const closings = await Promise.allSettled(databases.map((database) => database.close()));
  rmSync(place, { recursive: true, force: true });
  const refused = closings.flatMap((closing) =>
    closing.status === 'rejected' ? [(closing.reason as NodeJS.ErrnoException).code] : [],
  );
  // One test of each round makes a close fail on purpose; abstract-level then locks the database, or its sublevel, for good.
  expect(refused).toEqual(['LEVEL_STATUS_LOCKED', 'LEVEL_DATABASE_NOT_CLOSED']);
}, REMOVAL_LIMIT_MS);
