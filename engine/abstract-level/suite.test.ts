import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { NinelivesLevel } from './level.js';
import { TapeAdapter } from './tape-test-adapter.js';

/** The official suite of abstract-level, whole: on the database, and once more on a sublevel of it. */
const suite = createRequire(import.meta.url)('abstract-level/test') as (options: {
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
 * What the manifest does not declare the suite does not register. A number that changes with a release of the suite, or
 * with the manifest, is to be looked at.
 */
test('no part of the suite is left out but that on getSync', () => {
  expect(adapter.count).toBe(1479);
  const page = readFileSync(join(import.meta.dirname, '../../docs/abstract-level.md'), 'utf8');
  expect(page).toContain(`${adapter.count.toLocaleString('en')} tests`);
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
