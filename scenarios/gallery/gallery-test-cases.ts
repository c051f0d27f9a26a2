import type { CrashCase, Life } from '../../harness/workload/case.js';
import { READ_CASES } from './gallery-test-read-cases.js';

/**
 * For each planted bug a case, written by hand, in which it does harm. The options are small, so that four entries
 * fill a memtable and a handful of operations reach every kind of background work. Step numbers count what recovery
 * does as well: the first MANIFEST of a life is recovery's.
 */
export const CASES: Readonly<Record<string, CrashCase>> = {
  ...READ_CASES,
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
  // The first sync of the WAL after its header's fails. What it should have forced is lost, and acknowledged only by the bug.
  'failed-fsync-retried': crashCase('failed-fsync', [
    {
      operations: [syncedPut('a')],
      faults: ['io-error EIO at wal/fsync #2'],
      end: 'power posix idle lose wal/append#1',
    },
  ]),
  // The directory's sync after the flush's rename fails: the old MANIFEST is still the one on the disk, and needs its files.
  'failed-fsync-ignored': crashCase('failed-fsync', [
    {
      operations: [...puts('ab', 1), { operation: { kind: 'flush' } }],
      faults: ['io-error EIO at manifest/dir.fsync #2'],
      end: 'power posix idle lose manifest/rename#2',
    },
  ]),
  // While the first put is synced two more queue up: one append, one sync, which the power does not wait for.
  'group-commit-acks-first': crashCase('power-interleavings', [
    {
      operations: [
        syncedPut('a'),
        { ...syncedPut('b'), overlap: true },
        { ...syncedPut('c'), overlap: true },
      ],
      end: 'power posix before wal/fsync #3 lose wal/append#2',
    },
  ]),
  // The second life dies when its WAL has a name and no header, the third one before it has made any file.
  'headerless-wal-deleted': crashCase('power-in-recovery', [
    { operations: puts('a', 1), end: 'kill idle' },
    { operations: [], end: 'kill after wal/create #1' },
    { operations: [], end: 'kill before flush/sst.create #1' },
  ]),
  // Neither record was synced, and the page of the first one is lost.
  'hole-skipped': crashCase('power-in-wal-append', [
    { operations: puts('ab', 1), end: 'power posix idle lose wal/append#1' },
  ]),
  // The second life dies when its tables are durable and no MANIFEST names them.
  'recovery-deletes-wal-early': crashCase('power-in-recovery', [
    { operations: puts('ab', 1), end: 'kill idle' },
    { operations: [], end: 'kill before wal/create #1' },
  ]),
  // The second life dies after its first MANIFEST, which the sound engine publishes when the tables are there.
  'replay-watermark-too-high': crashCase('power-in-recovery', [
    { operations: puts('ab', 1), end: 'kill idle' },
    { operations: [], end: 'kill after manifest/rename #1' },
  ]),
  // Only the page cache holds the put when the second life opens; the sound one syncs the WAL then, the other one never.
  'reused-wal-not-synced': crashCase('power-in-recovery', [
    { operations: puts('a', 1), end: 'kill idle' },
    {
      operations: [{ operation: { kind: 'sync' } }],
      end: 'power posix before recovery/wal.fsync #1 lose 0:wal/append#1',
    },
  ]),
  // The record of "b" has only its size; in its place stands what the older WAL, not yet deleted, has there: a1.
  'stale-record-accepted': crashCase('power-in-wal-append', [
    {
      operations: [...puts('a', 1), ...puts('a', 2), { operation: { kind: 'flush' } }, ...puts('b', 1)],
      end: 'power posix before gc/manifest.unlink #1 lose wal/append#3=stale',
    },
  ]),
  // The put is the first one of its WAL. Its sync is the second one: the header's was the first.
  'sync-covers-nothing': crashCase('power-in-wal-append', [
    { operations: [syncedPut('a')], end: 'power posix before wal/fsync #2 lose wal/append#1' },
  ]),
  // The sync comes while that of the second put is under way, and must wait for it.
  'sync-flag-cleared-early': crashCase('power-interleavings', [
    {
      operations: [...puts('a', 1), syncedPut('b'), { operation: { kind: 'sync' }, overlap: true }],
      end: 'power posix before wal/fsync #2 lose wal/append#1',
    },
  ]),
  // As for hole-skipped: the good record behind the hole does not say that the hole was durable.
  'torn-tail-called-corruption': crashCase('power-in-wal-append', [
    { operations: puts('ab', 1), end: 'power posix idle lose wal/append#1' },
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

/** A put that is acknowledged when it is durable. */
function syncedPut(key: string): Life['operations'][number] {
  return { operation: { kind: 'put', key, value: `${key}1`, sync: true } };
}
