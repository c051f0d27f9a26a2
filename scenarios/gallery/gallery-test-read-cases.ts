import type { CrashCase, Life } from '../../harness/workload/case.js';
import type { Operation } from '../../harness/workload/operation.js';

/**
 * More cases as in gallery-test-cases.ts, for bugs in what reads see (snapshots, several keys at once, bounds and
 * directions of scans), in the levels below L0 and in tiered compaction, in the WAL that is made ahead, and in the lock.
 * Many of them need no crash: every life is judged while it runs, too.
 */
export const READ_CASES: Readonly<Record<string, CrashCase>> = {
  'own-pid-is-stale': aCase('kill-in-wal-append', [{ kind: 'open-again' }]),
  // The second put has the number that the snapshot took for its own.
  'snapshot-sees-next-write': aCase('kill-in-flush', [
    ...puts('a', 1),
    { kind: 'snapshot', snapshot: 0 },
    ...puts('a', 2),
    { kind: 'get', key: 'a', snapshot: 0 },
  ]),
  // Nothing lies below the tombstone, and the snapshot needs what it hides.
  'snapshot-version-dropped': aCase('kill-in-compaction', [
    ...puts('a', 1),
    { kind: 'snapshot', snapshot: 0 },
    { kind: 'delete', key: 'a' },
    { kind: 'compact' },
    { kind: 'get', key: 'a', snapshot: 0 },
  ]),
  // Four versions, each kept by a snapshot, and three entries fill a table.
  'versions-split-between-tables': aCase('kill-in-compaction', [
    ...[0, 1, 2, 3].flatMap((snapshot): readonly Operation[] => [
      ...puts('a', snapshot),
      { kind: 'snapshot', snapshot },
    ]),
    { kind: 'compact' },
    { kind: 'get', key: 'a', snapshot: 0 },
  ]),
  // Both keys lie in one block, and the bound is the second one.
  'reverse-scan-skips-block': aCase('kill-in-compaction', [
    ...puts('ab', 1),
    { kind: 'flush' },
    { kind: 'scan', gte: 'b', reverse: true },
  ]),
  'scan-after-includes-bound': aCase('kill-in-wal-append', [...puts('ab', 1), { kind: 'scan', gt: 'a' }]),
  'get-many-in-key-order': aCase('kill-in-wal-append', [
    ...puts('ab', 1),
    { kind: 'get-many', keys: ['b', 'a'] },
  ]),
  // Of two tables of L0 the newer has "d" alone and the older "b" as well; in L1 "b" lies in the table from "a" to "c".
  'output-overlaps-neighbours': aCase('kill-in-compaction', [
    ...puts('abcd', 1),
    { kind: 'compact' },
    ...puts('bd', 2),
    { kind: 'flush' },
    ...puts('d', 3),
    { kind: 'flush' },
  ]),
  // L1 has a run with "a"; what becomes the next run there has its tombstone.
  'tombstone-dropped-in-tiered-merge': aCase(
    'kill-in-tiered-compaction',
    [
      ...puts('ab', 1),
      { kind: 'flush' },
      ...puts('c', 1),
      { kind: 'flush' },
      { kind: 'delete', key: 'a' },
      { kind: 'flush' },
      ...puts('d', 1),
      { kind: 'flush' },
    ],
    { options: { compaction: 'tiered' } },
  ),
  // The two smallest tables are the two newest ones, and one of them has the new "a".
  'tiered-runs-picked-by-size': aCase(
    'kill-in-tiered-compaction',
    [
      ...puts('abc', 1),
      { kind: 'flush' },
      ...puts('a', 2),
      { kind: 'flush' },
      ...puts('d', 1),
      { kind: 'flush' },
    ],
    { options: { compaction: 'tiered', l0TablesMax: 3 } },
  ),
  // L1 gets a run that begins with "a", and after it one that begins with "d" and has a newer "d".
  'runs-sorted-by-key': aCase(
    'kill-in-tiered-compaction',
    [
      ...puts('ad', 1),
      { kind: 'flush' },
      ...puts('e', 1),
      { kind: 'flush' },
      ...puts('d', 2),
      { kind: 'flush' },
      ...puts('f', 1),
      { kind: 'flush' },
    ],
    { options: { compaction: 'tiered', l0TablesMax: 2 }, end: 'kill before tiered-compaction/mkdir #2' },
  ),
  // The eighth put has the next WAL made, and nothing is written to it.
  'prepared-number-given-again': aCase('kill-in-wal-rotation', puts('abcdefgh', 1), {
    options: { memtableEntriesMax: 10 },
    end: 'kill before close/unlock #1',
  }),
  // The sixth put goes to the WAL that was made ahead, and is acknowledged when that is synced.
  'prepared-wal-directory-not-synced': aCase(
    'power-in-wal-rotation',
    [...puts('abcde', 1), { kind: 'put', key: 'f', value: 'f1', sync: true }, ...puts('g', 1)],
    {
      options: { memtableEntriesMax: 5 },
      end: 'power posix after wal/append #7 lose prepare/wal.create#1',
    },
  ),
  // The fourth MANIFEST, after recovery's and two flushes', is the compaction's.
  'tiered-level-directory-not-synced': aCase('power-in-tiered-compaction', twoFlushes(), {
    options: { compaction: 'tiered' },
    end: 'power posix after manifest/rename #4 lose tiered-compaction/mkdir#1',
  }),
  'tiered-tables-not-synced': aCase('power-in-tiered-compaction', twoFlushes(), {
    options: { compaction: 'tiered' },
    end: 'power posix after manifest/rename #4 lose tiered-compaction/sst.create#1',
  }),
};

/** One life of these operations, killed when all is answered unless told otherwise. */
function aCase(
  scenario: string,
  operations: readonly Operation[],
  {
    options = {},
    end = 'kill idle',
  }: { readonly options?: CrashCase['options']; readonly end?: Life['end'] } = {},
): CrashCase {
  return {
    format: 1,
    scenario,
    target: 'lsm',
    options: { memtableEntriesMax: 4, tableEntriesMax: 3, l0TablesMax: 2, blockBytes: 64, ...options },
    seed: 1,
    lives: [{ operations: operations.map((operation) => ({ operation })), end }],
  };
}

/** A put for each letter; `round` makes the values unique. */
function puts(keys: string, round: number): readonly Operation[] {
  return [...keys].map((key) => ({ kind: 'put', key, value: `${key}${round}` }));
}

function twoFlushes(): readonly Operation[] {
  return [...puts('ab', 1), { kind: 'flush' }, ...puts('cd', 1), { kind: 'flush' }];
}
