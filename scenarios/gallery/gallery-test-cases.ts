import type { CrashCase, Life } from '../../harness/workload/case.js';

/**
 * For each planted bug a case, written by hand, in which it does harm. The options are small, so that four entries
 * fill a memtable and a handful of operations reach every kind of background work. Step numbers count what recovery
 * does as well: the first MANIFEST of a life is recovery's.
 */
export const CASES: Readonly<Record<string, CrashCase>> = {
  // The fifth put finds the memtable full; its flush dies when the WAL is gone and the MANIFEST not yet published.
  'wal-deleted-before-publish': crashCase('kill-at-manifest-rename', [
    { operations: puts('abcde', 1), end: 'kill before manifest/rename #2' },
  ]),
  // The value lies in one table of L0, the tombstone would lie in the next one.
  'tombstone-dropped-early': crashCase('kill-in-flush', [
    {
      operations: [
        { operation: { kind: 'put', key: 'a', value: 'a1' } },
        { operation: { kind: 'put', key: 'b', value: 'b1' } },
        { operation: { kind: 'flush' } },
        { operation: { kind: 'delete', key: 'a' } },
        { operation: { kind: 'put', key: 'c', value: 'c1' } },
        { operation: { kind: 'flush' } },
      ],
      end: 'kill after flush/dir.fsync #2',
    },
    { operations: [{ operation: { kind: 'flush' } }], end: 'kill idle' },
  ]),
  // Two puts are acknowledged; what they wrote is in memory when the third, with a sync, dies before its append.
  'ack-before-wal': crashCase('kill-in-wal-append', [
    {
      operations: [...puts('ab', 1), { operation: { kind: 'put', key: 'c', value: 'c1', sync: true } }],
      end: 'kill before wal/append #1',
    },
    { operations: puts('abc', 2), end: 'kill inside wal/append #3 @5' },
  ]),
  // One flush makes two tables, which a compaction moves to L1 and publishes; the next recovery finds L0 and the WAL
  // empty.
  'orphan-removal-deletes-live-table': crashCase('kill-in-compaction', [
    {
      operations: [...puts('abcd', 1), { operation: { kind: 'compact' } }],
      end: 'kill before gc/sst.unlink #1',
    },
  ]),
  // The fifth put makes the second WAL while the flush of the first one waits for its fsync.
  'replay-newest-wal-only': crashCase('kill-in-flush', [
    { operations: puts('abcdef', 1), end: 'kill before flush/sst.fsync #1' },
  ]),
  // Recovery's own MANIFEST is the first; the flush's is cut after ten bytes.
  'manifest-in-place': crashCase('kill-at-manifest-rename', [
    { operations: puts('abcde', 1), end: 'kill inside manifest/tmp.write #2 @10' },
  ]),
  // All but the last byte of the append arrives: of two records the first is whole.
  'batch-in-parts': crashCase('kill-in-wal-append', [
    {
      operations: [
        {
          operation: {
            kind: 'batch',
            writes: [
              { kind: 'put', key: 'a', value: 'a1' },
              { kind: 'put', key: 'b', value: 'b1' },
            ],
          },
        },
      ],
      end: 'kill inside wal/append #1 @4000',
    },
  ]),
  // Two rounds of compaction: the second one deletes tables of L1.
  'filter-never-deleted': crashCase('kill-in-compaction', [
    {
      operations: [
        ...puts('abcd', 1),
        { operation: { kind: 'compact' } },
        ...puts('abcd', 2),
        { operation: { kind: 'compact' } },
      ],
      end: 'kill idle',
    },
  ]),
  // The flush dies when its table has a number and a name; the next recovery gives the number out again.
  'numbers-from-manifest': crashCase('kill-in-flush', [
    { operations: puts('abcde', 1), end: 'kill after flush/sst.create #1' },
  ]),
  // The MANIFEST of the flush (recovery's is the first) is there, and the end of the table that it names is not.
  'table-not-synced': crashCase('power-in-flush', [
    {
      operations: [...puts('ab', 1), { operation: { kind: 'flush' } }],
      end: 'power posix after manifest/rename #2 lose flush/sst.write#2',
    },
  ]),
  // As before, but the table has all its bytes and no name.
  'table-directory-not-synced': crashCase('power-in-flush', [
    {
      operations: [...puts('ab', 1), { operation: { kind: 'flush' } }],
      end: 'power posix after manifest/rename #2 lose flush/sst.create#1',
    },
  ]),
  // The compaction's MANIFEST names a table in l1, which is gone, and the table with it.
  'level-directory-not-synced': crashCase('power-in-compaction', [
    {
      operations: [...puts('ab', 1), { operation: { kind: 'compact' } }],
      end: 'power posix after manifest/rename #3 lose compaction/mkdir#1',
    },
  ]),
  // The first MANIFEST of all has its name before its bytes.
  'manifest-not-synced': crashCase('power-at-manifest-publish', [
    { operations: [], end: 'power posix after manifest/rename #1 lose manifest/tmp.write#1' },
  ]),
  // The WAL has a record, and the first MANIFEST lost its name: who may say that the database was new?
  'manifest-directory-not-synced': crashCase('power-at-manifest-publish', [
    { operations: puts('a', 1), end: 'power posix after wal/append #1 lose manifest/rename#1' },
  ]),
  // The old MANIFEST is deleted while the directory's sync is under way; the new one has not got its name for good.
  'inputs-deleted-before-publish-is-durable': crashCase('power-at-file-deletion', [
    {
      operations: [...puts('ab', 1), { operation: { kind: 'flush' } }],
      end: 'power posix after gc/manifest.unlink #1 lose manifest/rename#2',
    },
  ]),
  // The first MANIFEST names a WAL whose name is lost.
  'wal-directory-not-synced': crashCase('power-in-wal-append', [
    { operations: [], end: 'power posix after manifest/rename #1 lose wal/create#1' },
  ]),
  // The first MANIFEST names a WAL that is empty.
  'wal-header-not-synced': crashCase('power-in-wal-append', [
    { operations: [], end: 'power posix after manifest/rename #1 lose wal/header#1' },
  ]),
  // The fifth put goes to the second WAL and survives, the fourth was the last one of the first WAL and does not.
  'rotation-without-sync': crashCase('power-in-wal-append', [
    { operations: puts('abcde', 1), end: 'power posix after wal/append #5 lose wal/append#4' },
  ]),
};

function crashCase(scenario: string, lives: readonly Life[]): CrashCase {
  const options = { memtableEntriesMax: 4, tableEntriesMax: 3, l0TablesMax: 2, blockBytes: 64 };
  return { format: 1, scenario, target: 'lsm', options, seed: 1, lives };
}

/** A put for each letter; `round` makes the values unique. */
function puts(keys: string, round: number): Life['operations'] {
  return [...keys].map((key) => ({ operation: { kind: 'put', key, value: `${key}${round}` } }));
}
